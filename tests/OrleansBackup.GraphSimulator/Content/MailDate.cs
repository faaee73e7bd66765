using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>Reads a <c>Date</c> header in the many ways it is written.</summary>
public static partial class MailDate
{
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    /// <returns>Null when there is no date to be read, or one that no mailbox could hold.</returns>
    public static DateTimeOffset? Parse(string? text)
    {
        if (text is null || Form().Match(text) is not { Success: true } match)
            return null;
        var month = Months.IndexOf(match.Groups["month"].Value.ToLowerInvariant(), StringComparison.Ordinal);
        var year = int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture);
        year += year < 50 ? 2000 : year < 1000 ? 1900 : 0;
        var day = Number("day");
        if (month < 0 || month % 3 != 0 || year is < 1980 or > 2100 || day < 1 || day > DateTime.DaysInMonth(year, month / 3 + 1))
            return null;
        if (Number("hour") > 23 || Number("minute") > 59 || Number("second") > 60)
            return null;
        var local = new DateTime(year, month / 3 + 1, day, Number("hour"), Number("minute"), Math.Min(59, Number("second")), DateTimeKind.Unspecified);
        return new DateTimeOffset(local, TimeSpan.Zero) - Offset(match.Groups["zone"].Value);

        int Number(string group) => match.Groups[group].Value is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : 0;
    }

    private static TimeSpan Offset(string zone)
    {
        if (zone.Length != 5 || zone[0] is not ('+' or '-'))
            return TimeSpan.Zero;
        var number = int.Parse(zone[1..], CultureInfo.InvariantCulture);
        var offset = new TimeSpan(Math.Min(14, number / 100), number % 100, 0);
        return zone[0] == '-' ? -offset : offset;
    }

    [GeneratedRegex(@"(?<day>\d{1,2})[\s-]+(?<month>[A-Za-z]{3})[a-z]*[\s-]+(?<year>\d{2,4})[\s,]+(?<hour>\d{1,2}):(?<minute>\d{2})(:(?<second>\d{2}))?\s*(?<zone>[+-]\d{4})?",
        RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Form();
}
