using Orleans;

namespace OrleansBackup.Domain.Identity;

/// <summary>One request to put something back, from acceptance to its last outcome.</summary>
[GenerateSerializer, Immutable, Alias("restore-job-id")]
public readonly record struct RestoreJobId([property: Id(0)] Guid Value)
{
    public static RestoreJobId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public static bool TryParse(string? text, out RestoreJobId id)
    {
        var valid = Guid.TryParseExact(text, "D", out var value);
        id = new RestoreJobId(value);
        return valid;
    }

    public override string ToString() => Value.ToString("D");
}
