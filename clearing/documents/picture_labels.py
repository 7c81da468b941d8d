"""Every word in a picture of a tariff, in German and English side by side."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from clearing.documents.wording import Wording
from tariffs.restrictions import DAY
from tariffs.tariff import PriceComponent, Restrictions, Taxes

LABELS: dict[str, tuple[str, str]] = {
    "title": ("Tarif {id}", "Tariff {id}"),
    "no-id": ("ohne Kennung", "without an id"),
    "party": ("CPO {party}", "CPO {party}"),
    "currency": ("Preise in {currency}", "Prices in {currency}"),
    "valid": ("gültig {from_} – {to}", "valid {from_} – {to}"),
    "valid-from": ("gültig ab {from_}", "valid from {from_}"),
    "valid-to": ("gültig bis {to}", "valid until {to}"),
    "valid-always": ("ohne befristete Gültigkeit", "valid without limit of time"),
    "type": ("Art {type}", "type {type}"),
    "page": ("Seite {page} von {pages}", "Page {page} of {pages}"),
    # taxes
    Taxes.ADDED: ("Preise ohne USt; USt {rates}", "prices exclude VAT; VAT {rates}"),
    "added-none": ("Preise ohne USt; der Tarif nennt keine USt", "prices exclude VAT; the tariff states no VAT"),
    Taxes.ADDED_UNKNOWN: (
        "Preise ohne Steuern, die der Tarif nicht nennt",
        "prices exclude taxes, which the tariff does not state",
    ),
    Taxes.INCLUDED: ("Preise enthalten USt {rates}", "prices include VAT {rates}"),
    Taxes.INCLUDED_UNKNOWN: (
        "Preise enthalten Steuern, deren Sätze der Tarif nicht nennt",
        "prices include taxes at rates that the tariff does not state",
    ),
    Taxes.NONE: ("es fallen keine Steuern an", "no taxes apply"),
    Taxes.UNSTATED: ("Preise ohne USt; OCPI 2.1.1 nennt keine", "prices exclude VAT; OCPI 2.1.1 states none"),
    "excl": ("ohne USt", "excl. VAT"),
    "incl": ("mit Steuern", "incl. taxes"),
    # the week
    "week": ("Preise in der Woche", "Prices over the week"),
    "week-of": ("Woche ab {day}, Ortszeit {zone}", "Week of {day}, local time of {zone}"),
    "week-any": ("Jede Woche, Ortszeit", "Every week, local time"),
    "week-always": ("Uhrzeit und Wochentag ändern nichts", "Time and weekday change nothing"),
    "dates": (
        "Elemente mit Datum, das nicht in dieser Woche liegt, sind hier nicht zu sehen.",
        "Elements with dates outside this week are not seen here.",
    ),
    "shades": (
        "Je dunkler, desto teurer; „–“ kostet nichts.",
        "The darker, the dearer; “–” is free of charge.",
    ),
    "reservations": (
        "Preise für Reservierungen stehen nur in der Liste der Elemente.",
        "Prices for reservations stand in the list of elements only.",
    ),
    "more-tables": ("Weitere {count} Fälle sind nicht gezeichnet.", "{count} more cases are not drawn."),
    "no-tables": ("Der Tarif hat keine Preise für das Laden.", "The tariff has no prices for charging."),
    "FLAT": ("Startpreis (FLAT), {currency} je Ladevorgang", "Start fee (FLAT), {currency} per charge"),
    "ENERGY": ("Energie (ENERGY), {currency} je kWh", "Energy (ENERGY), {currency} per kWh"),
    "TIME": ("Ladezeit (TIME), {currency} je Stunde", "Charging time (TIME), {currency} per hour"),
    "PARKING_TIME": (
        "Standzeit ohne Laden (PARKING_TIME), {currency} je Stunde",
        "Parking without charging (PARKING_TIME), {currency} per hour",
    ),
    "at-kw": ("bei {value} kW", "at {value} kW"),
    "at-amperes": ("bei {value} A", "at {value} A"),
    "after-kwh": ("ab {value} kWh", "from {value} kWh on"),
    "first-kwh": ("am Anfang der Energie", "from the first kWh on"),
    "after-seconds": ("ab {value} nach Beginn", "from {value} after the start on"),
    "first-second": ("vom Beginn an", "from the start on"),
    "always": ("in jedem Fall", "in every case"),
    "more-cases": ("; weitere Fälle: {count}", "; more cases: {count}"),
    # the charge
    "charge": ("Kosten eines Ladevorgangs", "Cost over a charge"),
    "charge-of": (
        "{kwh} kWh mit gleichbleibender Leistung, danach steht das Fahrzeug; Beginn {day} 10:00, {zone}. "
        "Jeder Punkt: der Preis, wenn der Ladevorgang dann endete.",
        "{kwh} kWh at a steady power, then the vehicle stays parked; start {day} 10:00, {zone}. "
        "Each point: the price if the charge ended then.",
    ),
    "hours": ("Stunden seit Beginn", "hours since the start"),
    "curve": (
        "{power}: voll nach {time} für {cost}, am Ende {last}",
        "{power}: full after {time} for {cost}, in the end {last}",
    ),
    "kw": ("{value} kW", "{value} kW"),
    "kw-amperes": ("{value} kW, {amperes} A", "{value} kW, {amperes} A"),
    "marks": (
        "■ Batterie voll   ○ mit Zahl: ab hier gilt ein anderes Element; am Anfang {first}",
        "■ battery full   ○ with a number: another element prices from here on; at the start {first}",
    ),
    "first-elements": ("Element {elements}", "element {elements}"),
    "first-none": ("keines", "none"),
    "steps": ("Schritte (step_size): {steps}", "Steps (step_size): {steps}"),
    "no-steps": ("Keine Schritte (step_size) über 1", "No step_size above 1"),
    "min_price": ("min_price {amount}", "min_price {amount}"),
    "max_price": ("max_price {amount}", "max_price {amount}"),
    "not-reached": ("{limit}: außerhalb des Bildes", "{limit}: outside the picture"),
    "no-curves": (
        "Für diese Ladevorgänge lässt sich kein Preis bilden.",
        "No price can be made for these charges.",
    ),
    # the elements
    "elements": ("Elemente in ihrer Reihenfolge", "Elements in their order"),
    "more-elements": ("… und {count} weitere", "… and {count} more"),
    "per-FLAT": ("", ""),
    "per-ENERGY": ("/kWh", "/kWh"),
    "per-TIME": ("/h", "/h"),
    "per-PARKING_TIME": ("/h", "/h"),
    "vat": ("USt {rate}", "VAT {rate}"),
    "step": ("Schritt {step}", "step {step}"),
    "hours-short": ("{value} h", "{value} h"),
    "minutes": ("{value} min", "{value} min"),
    "seconds": ("{value} s", "{value} s"),
    "booking": ("nicht von OCPI-Preisregeln erfasst", "not priced by OCPI's rules"),
}
DAYS = (("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
EVERY_DAY = ("jeden Tag", "every day")


class PictureWording:
    """The words of a picture in one language; numbers as on all paper, formatted and never rounded but where told."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self._column = 0 if wording.language == "de" else 1

    def __call__(self, key: str, **values: str) -> str:
        """Return a label, its places filled."""
        return LABELS[key][self._column].format(**values)

    def price(self, value: Decimal) -> str:
        """Return a price with two decimals or as many as it has."""
        return self.wording.figure(_bare(value), 2)

    def number(self, value: Decimal) -> str:
        """Return a number without idle zeros."""
        return self.wording.figure(_bare(value), 0)

    def cost(self, value: Decimal, digits: int) -> str:
        """Return a cost rounded to so many decimals, as a picture cannot show more."""
        return self.wording.figure(value.quantize(Decimal(1).scaleb(-digits)), digits)

    def days(self, days: Sequence[int]) -> str:
        """Return weekdays, runs of three and more as such: `Mon–Fri`, `Sat`, `every day`."""
        if len(days) == 7:
            return EVERY_DAY[self._column]
        names, runs = DAYS[self._column], list[list[int]]()
        for day in days:
            if runs and runs[-1][-1] == day - 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        told = [
            f"{names[run[0]]}–{names[run[-1]]}" if len(run) > 2 else ", ".join(names[day] for day in run)
            for run in runs
        ]
        return ", ".join(told)

    def duration(self, seconds: Decimal) -> str:
        """Return a duration in the largest unit that needs no fraction: `2 h`, `90 min`, `45 s`."""
        for key, unit in (("hours-short", 3600), ("minutes", 60)):
            if seconds and seconds % unit == 0:
                return self(key, value=self.number(seconds / unit))
        return self("seconds", value=self.number(seconds))

    def component(self, component: PriceComponent) -> str:
        """Return a price component: `ENERGY 0.45/kWh (VAT 19%, step 1000 Wh)`."""
        notes = []
        if component.vat is not None:
            notes.append(self("vat", rate=self.wording.percent(component.vat)))
        if component.step_size > 1 and component.type != "FLAT":
            unit = "Wh" if component.type == "ENERGY" else "s"
            notes.append(self("step", step=f"{component.step_size} {unit}"))
        tail = f" ({', '.join(notes)})" if notes else ""
        return f"{component.type} {self.price(component.price)}{self(f'per-{component.type}')}{tail}"

    def restrictions(self, r: Restrictions) -> str:
        """Return the restrictions of an element in short, in the words of OCPI where there is no sign for them."""
        told = []
        if r.reservation is not None:
            told.append(r.reservation)
        if r.start_time is not None or r.end_time is not None:
            told.append(f"{clock(r.start_time or 0)}–{clock(r.end_time or DAY)}")
        if r.day_of_week is not None:
            told.append(self.days(sorted(r.day_of_week)))
        if r.start_date is not None or r.end_date is not None:
            told.append(self._dates(r))
        for low, high, unit in (
            *((r.min_kwh, r.max_kwh, "kWh"), (r.min_power, r.max_power, "kW")),
            (r.min_current, r.max_current, "A"),
        ):
            if low is not None or high is not None:
                least = "" if low is None else f"≥ {self.number(low)}"
                most = "" if high is None else f"< {self.number(high)}"
                told.append(" ".join(part for part in (least, most, unit) if part))
        if r.min_duration is not None or r.max_duration is not None:
            least = "" if r.min_duration is None else f"≥ {self.duration(r.min_duration)}"
            most = "" if r.max_duration is None else f"< {self.duration(r.max_duration)}"
            told.append(" ".join(part for part in ("t", least, most) if part))
        if r.unknown:
            told.append(
                f"{', '.join(r.unknown)}: {self('booking')}" if "booking" in r.unknown else ", ".join(r.unknown)
            )
        return "; ".join(told)

    def _dates(self, r: Restrictions) -> str:
        """The days from the first to the last one, which OCPI's `end_date` no longer is."""
        last = None if r.end_date is None or r.end_date == date.min else r.end_date - timedelta(days=1)
        if r.start_date == last and last is not None:
            return self.wording.day(last)
        return " – ".join("…" if day is None else self.wording.day(day) for day in (r.start_date, last))


def clock(second: int) -> str:
    """Return a time of day, `08:00`, with its seconds where there are any."""
    minutes, seconds = divmod(second, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _bare(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
