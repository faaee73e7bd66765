using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.ClientApi.Security.Limits;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Audit;

namespace OrleansBackup.ClientApi.Security;

/// <summary>Writes into the provider's audit book who signed in from where, who failed to, and who was refused.</summary>
/// <remarks>
/// A program that signs in with each call gets an entry an hour. Failures cost whoever makes them nothing, so their entries are bounded: beyond the bound
/// they are counted, and the next entry says how many there were. What is sent as a key or token is never written down.
/// </remarks>
internal sealed class SignInJournal(IGrainFactory grains, IOptions<LimitOptions> limits, TimeProvider time)
{
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private readonly Lock _turn = new();
    private readonly Dictionary<string, long> _seen = [];
    private long _hourBegan = time.GetTimestamp();
    private int _written;
    private int _unwritten;

    /// <summary>A call with a key or token. Durable when it returns, if it is the first in an hour from this address.</summary>
    public async Task CalledAsync(Caller caller, string address, CancellationToken cancellation)
    {
        var name = $"{caller.Name}\n{caller.SignedInBy}\n{address}";
        if (!IsFirst(name))
            return;
        try
        {
            await SignedInAsync(caller, address, cancellation);
        }
        catch
        {
            lock (_turn)
                _seen.Remove(name); // not written: the next call has to
            throw;
        }
    }

    public Task SignedInAsync(Caller caller, string address, CancellationToken cancellation) => grains.ProviderAudit().NoteAsync(
        caller.Name, AuditActs.SignIn, $"access/{Way(caller.SignedInBy)}", cancellation, ("address", address), ("person", caller.Person), ("roles", string.Join(", ", caller.Roles.Select(role => role.Token()).Order())));

    public Task SignedOutAsync(Caller caller, CancellationToken cancellation) =>
        grains.ProviderAudit().NoteAsync(caller.Name, AuditActs.SignOut, "access/session", cancellation);

    public Task FailedAsync(string way, string address, string why, CancellationToken cancellation) => BoundedAsync("", AuditActs.SignInFailed, $"access/{way}", address, why, cancellation);

    /// <summary>A signed-in caller asked for what he may not.</summary>
    public Task RefusedAsync(Caller caller, string subject, string address, CancellationToken cancellation) =>
        BoundedAsync(caller.Name, AuditActs.Refused, subject, address, "not allowed", cancellation);

    private async Task BoundedAsync(string actor, string act, string subject, string address, string why, CancellationToken cancellation)
    {
        int before;
        lock (_turn)
        {
            if (time.GetElapsedTime(_hourBegan) >= Again)
                (_hourBegan, _written) = (time.GetTimestamp(), 0);
            if (_written >= limits.Value.FailuresWrittenDown)
            {
                _unwritten++;
                return;
            }
            _written++;
            (before, _unwritten) = (_unwritten, 0);
        }
        await grains.ProviderAudit().NoteAsync(actor, act, subject, cancellation,
            before == 0 ? [("address", address), ("why", why)] : [("address", address), ("why", why), ("notWrittenBefore", before.ToString(CultureInfo.InvariantCulture))]);
    }

    private bool IsFirst(string name)
    {
        lock (_turn)
        {
            if (_seen.TryGetValue(name, out var at) && time.GetElapsedTime(at) < Again)
                return false;
            if (_seen.Count >= limits.Value.Counted)
                _seen.Clear(); // entries too many are better than none
            _seen[name] = time.GetTimestamp();
            return true;
        }
    }

    private static string Way(SignInMethod method) => method switch
    {
        SignInMethod.ApiKey => "api-key",
        SignInMethod.Token => "token",
        _ => "session",
    };
}
