using System.Globalization;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Portal.Texts;

/// <summary>Dates, times, numbers and sizes as a reader of a language writes them. Times are those of the contract's calendar: Europe/Amsterdam.</summary>
/// <remarks>The server runs without cultures (<c>InvariantGlobalization</c>), so the few rules that the portal needs stand here.</remarks>
public sealed class Wording(Language language)
{
    private static readonly string[] DutchMonths = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
    private static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] DutchDays = ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"];
    private static readonly string[] EnglishDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    private static readonly string[] Sizes = ["B", "kB", "MB", "GB", "TB", "PB"];

    private readonly NumberFormatInfo _numbers = language == Language.Dutch
        ? new NumberFormatInfo { NumberGroupSeparator = ".", NumberDecimalSeparator = "," }
        : new NumberFormatInfo { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    private bool IsDutch => language == Language.Dutch;

    public string Number(long number) => number.ToString("N0", _numbers);

    /// <param name="decimals">At most so many; zeroes at the end are left out.</param>
    public string Number(double number, int decimals) => number.ToString($"#,0.{new string('#', decimals)}", _numbers);

    /// <summary>An amount with two decimals; its currency stands in the text around it.</summary>
    public string Money(decimal amount) => amount.ToString("N2", _numbers);

    /// <param name="share">Between 0 and 1.</param>
    public string Percent(double share) => $"{(share >= 1 ? "100" : Math.Min(99.9, share * 100).ToString("0.#", _numbers))}%";

    /// <summary>Thousands, as stores and Microsoft 365 count: 1 kB is 1,000 bytes.</summary>
    public string Bytes(long bytes)
    {
        double size = bytes;
        var unit = 0;
        while (Math.Abs(size) >= 999.5 && unit < Sizes.Length - 1)
            (size, unit) = (size / 1_000, unit + 1);
        return $"{size.ToString(unit == 0 || Math.Abs(size) >= 99.95 ? "0" : Math.Abs(size) >= 9.995 ? "0.#" : "0.##", _numbers)}\u00a0{Sizes[unit]}";
    }

    /// <summary>21 november 2026, 21 November 2026.</summary>
    public string Day(DateOnly day) => $"{day.Day}\u00a0{Months[day.Month - 1]}\u00a0{day.Year.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>21 nov 2026, for tables.</summary>
    public string ShortDay(DateOnly day) => $"{ShortDayOfYear(day)}\u00a0{day.Year.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>21 nov.</summary>
    public string ShortDayOfYear(DateOnly day) => $"{day.Day}\u00a0{(IsDutch && day.Month == 3 ? "mrt" : Months[day.Month - 1][..3])}";

    /// <summary>zaterdag 21 november.</summary>
    public string Weekday(DateOnly day) => $"{Days[(int)day.DayOfWeek]} {day.Day}\u00a0{Months[day.Month - 1]}";

    /// <summary>zaterdag, Saturday.</summary>
    public string WeekdayName(DayOfWeek day) => Days[(int)day];

    /// <summary>As the beginning of a line.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    public string Month(int year, int month) => $"{Months[month - 1]}\u00a0{year.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>20:15, as a clock on the wall shows it.</summary>
    public static string Time(DateTimeOffset time) => ContractCalendar.Amsterdam.WallTimeOf(time).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>21 nov 2026, 20:15.</summary>
    public string Moment(DateTimeOffset time) => $"{ShortDay(DayOf(time))},\u00a0{Time(time)}";

    public static DateOnly DayOf(DateTimeOffset time) => ContractCalendar.Amsterdam.DayOf(time);

    /// <summary>How long: "3 dagen", "2 hours", "45 s"; one unit, rounded down.</summary>
    public string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => $"{Number((long)span.TotalDays)}\u00a0{(IsDutch ? "dagen" : "days")}",
        { TotalHours: >= 2 } => $"{Number((long)span.TotalHours)}\u00a0{(IsDutch ? "uur" : "hours")}",
        { TotalMinutes: >= 1 } => $"{Number((long)span.TotalMinutes)}\u00a0min",
        _ => $"{Number((long)Math.Max(0, span.TotalSeconds))}\u00a0s",
    };

    /// <summary>How long ago: "3 dagen geleden", "just now".</summary>
    public string Ago(TimeSpan span) => span < TimeSpan.FromMinutes(1) ? IsDutch ? "zojuist" : "just now" : IsDutch ? $"{Span(span)} geleden" : $"{Span(span)} ago";

    private string[] Months => IsDutch ? DutchMonths : EnglishMonths;

    private string[] Days => IsDutch ? DutchDays : EnglishDays;
}
