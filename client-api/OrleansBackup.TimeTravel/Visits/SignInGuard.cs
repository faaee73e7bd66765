using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace OrleansBackup.TimeTravel.Visits;

/// <summary>Stops listening to whoever tries passwords: after some wrong ones from an address, for one opening or for all.</summary>
/// <remarks>
/// The passwords cannot be guessed; this keeps trying from being work. It counts by address and opening, because many people may come from one address through a proxy.
/// Bounded: addresses are forgotten with their time, and the oldest when there are too many.
/// </remarks>
internal sealed class SignInGuard(IOptions<TimeTravelOptions> options, TimeProvider time)
{
    private const int MostKept = 20_000, TimesForAll = 10, PrefixBytes = 8;

    private readonly Dictionary<(IPAddress From, string User), (int Wrong, DateTimeOffset Until)> _wrong = [];
    private readonly Lock _lock = new();

    public bool MayTry(IPAddress from, string user)
    {
        lock (_lock)
            return Wrong((Coarse(from), user)) < options.Value.WrongPasswords && Wrong((Coarse(from), "")) < TimesForAll * options.Value.WrongPasswords;
    }

    public void Wrong(IPAddress from, string user)
    {
        lock (_lock)
        {
            Add((Coarse(from), user));
            Add((Coarse(from), ""));
        }
    }

    private int Wrong((IPAddress, string) key) => _wrong.TryGetValue(key, out var seen) && seen.Until > time.GetUtcNow() ? seen.Wrong : 0;

    private void Add((IPAddress, string) key)
    {
        var now = time.GetUtcNow();
        if (_wrong.Count >= MostKept && !_wrong.ContainsKey(key))
            foreach (var old in _wrong.OrderBy(one => one.Value.Until).Take(MostKept / 2).Select(one => one.Key).ToList())
                _wrong.Remove(old);
        _wrong[key] = (Wrong(key) + 1, _wrong.TryGetValue(key, out var seen) && seen.Until > now ? seen.Until : now + options.Value.WrongWithin);
    }

    // Who has one address of the sixth version has 2^64 of them.
    private static IPAddress Coarse(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes);
    }
}
