using System.Collections.Immutable;

namespace OrleansBackup.Chaos.Plan;

/// <summary>SplitMix64: small, and the same for ever.</summary>
/// <remarks>Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014.</remarks>
internal sealed class PlanRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)below);
    }

    public ImmutableArray<T> Shuffle<T>(ImmutableArray<T> all)
    {
        var shuffled = all.ToBuilder();
        for (var i = shuffled.Count - 1; i > 0; i--)
        {
            var other = Next(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }
        return shuffled.ToImmutable();
    }
}
