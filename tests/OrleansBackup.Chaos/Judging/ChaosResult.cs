using System.Collections.Immutable;

namespace OrleansBackup.Chaos.Judging;

/// <summary>The verdict.</summary>
/// <param name="Faults">What is not as it should be; empty: all is well.</param>
/// <param name="Figures">What was done and looked at.</param>
public sealed record ChaosResult(ImmutableArray<string> Faults, string Figures)
{
    private const int FaultsShown = 5;

    public bool IsGood => Faults.IsEmpty;

    public override string ToString() => IsGood ? $"RESULT ok {Figures}"
        : $"RESULT failed {string.Join("; ", Faults.Take(FaultsShown))}{(Faults.Length > FaultsShown ? $"; and {Faults.Length - FaultsShown} more" : "")}; {Figures}";
}
