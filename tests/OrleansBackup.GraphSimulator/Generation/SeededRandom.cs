namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Random numbers from a seed, cheap to start: every generated message has its own. SplitMix64.</summary>
/// <remarks>The sequence is part of the generator's contract: a stored seed must give the same mailbox for ever.</remarks>
public struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 up to, not including, <paramref name="end"/>.</summary>
    public int Below(int end) => (int)(Next() % (ulong)Math.Max(1, end));

    public bool Chance(double probability) => Fraction() < probability;

    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A size around <paramref name="median"/> with a long tail, as sizes of mail are.</summary>
    public int LogNormal(double median, double sigma, int most)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - Fraction())) * Math.Cos(2 * Math.PI * Fraction());
        return (int)Math.Clamp(median * Math.Exp(sigma * normal), 1, most);
    }

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        return new Guid(bytes);
    }

    /// <summary>A seed that depends on all the numbers given.</summary>
    public static ulong Mix(ulong a, ulong b)
    {
        var mixed = new SeededRandom(a ^ (b * 0xD6E8FEB86659FD93));
        return mixed.Next();
    }
}
