using System.Net;

namespace OrleansBackup.Grains.Notices;

/// <summary>Where a name leads at this moment. What a name leads to is its owner's to change, so whoever connects asks once and connects to what it was told.</summary>
internal interface INameLookup
{
    /// <exception cref="System.Net.Sockets.SocketException">Nobody knows the name, or nobody can be asked.</exception>
    Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation);
}

/// <summary>Asks this machine.</summary>
internal sealed class SystemNameLookup : INameLookup
{
    public Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation) => Dns.GetHostAddressesAsync(host, cancellation);
}
