using System.Globalization;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Reports;

/// <summary>How numbers, sizes and days are written in a report: by rules of its own, since those of a machine change with its updates.</summary>
public sealed class ReportFormat(NoticeLanguage language, ContractCalendar calendar)
{
    private static readonly string[] DutchMonths = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
    private static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    private readonly bool _nl = language == NoticeLanguage.Nl;

    public string Day(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day.Day} {Months[day.Month - 1]} {day.Year}");

    public string Day(DateTimeOffset at) => Day(calendar.DayOf(at));

    /// <summary>Day and time on the wall.</summary>
    public string Moment(DateTimeOffset at)
    {
        var wall = calendar.WallTimeOf(at);
        return string.Create(CultureInfo.InvariantCulture, $"{Day(at)} {wall:HH:mm}");
    }

    public string Month(string month) => ReportMonth.TryParse(month, out var one) ? string.Create(CultureInfo.InvariantCulture, $"{Months[one.Number - 1]} {one.Year}") : month;

    public string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', _nl ? '.' : ',');

    public string Size(long bytes)
    {
        var (size, unit) = ((decimal)bytes, 0);
        for (; size >= 1_000 && unit < Units.Length - 1; unit++)
            size /= 1_000;
        var text = size.ToString(unit == 0 || size >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);
        return $"{(_nl ? text.Replace('.', ',') : text)} {Units[unit]}";
    }

    private string[] Months => _nl ? DutchMonths : EnglishMonths;
}
