using System.Net;
using System.Net.Sockets;

namespace OrleansBackup.Grains.Notices;

/// <summary>Tells addresses of the open internet from those that lead into somebody's own network, or to this machine.</summary>
/// <remarks>168.63.129.16 is public by number and the host's own service inside Azure ("What is IP address 168.63.129.16"). For the rest, source: the special-purpose registries of IANA (RFC 6890 and its updates). Of IPv6 only global unicast is open, less what is for documentation or carries an IPv4 address inside.</remarks>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotOpen =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(plain)) && !Array.Exists(NotOpen, network => network.Contains(plain));
    }
}
