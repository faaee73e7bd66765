using Orleans;

namespace OrleansBackup.Domain.Identity;

/// <summary>One attempt to back up a resource. A run that goes on after a crash keeps its id.</summary>
[GenerateSerializer, Immutable, Alias("run-id")]
public readonly record struct RunId([property: Id(0)] Guid Value)
{
    /// <summary>Ordered by time, so that runs sort as they happened.</summary>
    public static RunId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public static bool TryParse(string? text, out RunId id)
    {
        var valid = Guid.TryParseExact(text, "D", out var value);
        id = new RunId(value);
        return valid;
    }

    public override string ToString() => Value.ToString("D");
}
