using System.Net;

namespace Orleans.Runtime;

/// <summary>Which silo a statistic speaks of. This engine has one silo and no network, so it is always <see cref="Local"/>.</summary>
public sealed class SiloAddress : IEquatable<SiloAddress>
{
    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    internal static SiloAddress Local { get; } = new(new IPEndPoint(IPAddress.Loopback, 0), 0);

    public IPEndPoint Endpoint { get; }
    public int Generation { get; }

    public bool Equals(SiloAddress? other) => other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);
    public override bool Equals(object? obj) => Equals(obj as SiloAddress);
    public override int GetHashCode() => HashCode.Combine(Endpoint, Generation);
    public override string ToString() => $"S{Endpoint}:{Generation}";
}
