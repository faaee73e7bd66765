using System.Globalization;

namespace OrleansBackup.Domain.Evidence;

/// <summary>Moments as they stand in evidence: UTC, to the millisecond, always of the same length.</summary>
public static class EvidenceTime
{
    private const string Form = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>As precise as the text: what is read back is equal to what was written.</summary>
    public static DateTimeOffset Cut(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    /// <returns>Null: not in this form.</returns>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
