using Orleans;

namespace OrleansBackup.Domain.Identity;

/// <summary>One request to put something back, from acceptance to its last outcome.</summary>
[GenerateSerializer, Immutable, Alias("restore-job-id")]
public readonly record struct RestoreJobId([property: Id(0)] Guid Value)
{
    private const long LastMillisecond = 253_402_300_799_999; // of the year 9999

    public static RestoreJobId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>When it was asked for, to the millisecond: the id holds it.</summary>
    public DateTimeOffset AskedAt => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Convert.ToInt64(Value.ToString("N")[..12], 16), LastMillisecond));

    public static bool TryParse(string? text, out RestoreJobId id)
    {
        var valid = Guid.TryParseExact(text, "D", out var value);
        id = new RestoreJobId(value);
        return valid;
    }

    public override string ToString() => Value.ToString("D");
}
