using System.Globalization;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>Which rehearsal of the estate a day belongs to. Pure.</summary>
public static class RehearsalSchedule
{
    /// <summary>Rehearsals in a year, evenly spread: 1, 2, 4 or 12.</summary>
    /// <returns>Such as 2026-Q4 for four a year; 2026-M11 for twelve.</returns>
    public static string PeriodOf(DateOnly day, int perYear)
    {
        var months = perYear is 1 or 2 or 4 or 12 ? 12 / perYear : throw new ArgumentOutOfRangeException(nameof(perYear), perYear, "Rehearsals are held 1, 2, 4 or 12 times a year.");
        var part = ((day.Month - 1) / months) + 1;
        var letter = perYear switch { 4 => "Q", 12 => "M", 2 => "H", _ => "Y" };
        return string.Create(CultureInfo.InvariantCulture, $"{day.Year:d4}-{letter}{(perYear == 12 ? $"{part:d2}" : $"{part}")}");
    }
}
