namespace OrleansBackup.Benchmarks;

/// <summary>One measured figure.</summary>
/// <param name="Target">What it should be, when something was promised; else null.</param>
public sealed record Figure(string What, string Value, string? Target = null)
{
    /// <summary>The value as a number, in the unit of its text, for comparing with another engine's. Null: there is nothing to compare.</summary>
    public double? Number { get; init; }

    public override string ToString() => $"{What,-58} {Value,18}{(Target is null ? "" : $"   ({Target})")}";
}
