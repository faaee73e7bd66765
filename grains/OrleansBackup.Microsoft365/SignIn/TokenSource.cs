using Azure.Core;
using Microsoft.Extensions.Logging;

namespace OrleansBackup.Microsoft365.SignIn;

/// <summary>The current token of one tenant: asks once for all callers, renews before the end, and forgets it when told that it is rejected.</summary>
/// <param name="proofs">Each makes a new credential. The first that is accepted counts: while one certificate replaces another, either may be the one that is registered.</param>
internal sealed partial class TokenSource(string tenantId, IReadOnlyList<Func<TokenCredential>> proofs, string scope, GraphClientOptions options, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _recheckLock = new();
    private GraphToken? _current;
    private DateTimeOffset _lastRecheck = DateTimeOffset.MinValue;

    /// <summary>The application permissions of the last token; null when there is none or it cannot be read.</summary>
    public IReadOnlySet<string>? KnownRoles => Volatile.Read(ref _current)?.Roles;

    /// <exception cref="TenantAccessException">The tenant refuses the credential or does not know the application.</exception>
    /// <exception cref="GraphTransientException">The token service does not answer.</exception>
    public async ValueTask<GraphToken> GetAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _current) is { } known && known.RenewAt > time.GetUtcNow()) return known;
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_current is { } fresh && fresh.RenewAt > time.GetUtcNow()) return fresh;
            return _current = await AskAsync(cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets <paramref name="token"/>, unless somebody has renewed it already.</summary>
    public void Drop(GraphToken token) => Interlocked.CompareExchange(ref _current, null, token);

    /// <summary>Forgets the token because access was denied: consent may have changed since it was given. At most once a minute.</summary>
    public bool DropToRecheck(GraphToken token)
    {
        lock (_recheckLock)
        {
            var now = time.GetUtcNow();
            if (now - _lastRecheck < TimeSpan.FromMinutes(1)) return false;
            _lastRecheck = now;
        }

        Drop(token);
        return true;
    }

    public void Dispose() => _gate.Dispose();

    private async Task<GraphToken> AskAsync(CancellationToken cancellation)
    {
        GraphException? first = null;
        foreach (var proof in proofs)
        {
            try
            {
                return await AskAsync(proof, cancellation);
            }
            catch (TenantAccessException refused) when (refused.Problem == TenantAccessProblem.Credential)
            {
                first ??= refused; // about the one in use, which is what somebody has to mend
            }
        }

        throw first ?? throw new InvalidOperationException("There is nothing to sign in with.");
    }

    private async Task<GraphToken> AskAsync(Func<TokenCredential> createCredential, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            SignInFailure failure;
            using var stall = new CancellationTokenSource(options.StallTimeout, options.NetworkClock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
            try
            {
                // A new credential each time: the old one would hand out the token that we have just dropped.
                var token = await createCredential().GetTokenAsync(new TokenRequestContext([scope]), both.Token);
                // The library stamps with the machine's clock, so the life that is left is measured on that one.
                var life = token.ExpiresOn - TimeProvider.System.GetUtcNow();
                var renewIn = life > RenewBefore * 2 ? life - RenewBefore : life / 2;
                return new GraphToken(token.Token, time.GetUtcNow() + renewIn, GraphToken.ReadRoles(token.Token));
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                failure = SignInFailure.Read(e);
            }

            if (!failure.IsTransient || attempt + 1 >= (failure.IsClockSkew ? 2 : options.MaxAttempts)) throw failure.ToException(tenantId);
            LogSignInRepeated(log, tenantId, failure.Code);
            var backoff = options.FirstBackoff * Math.Pow(2, attempt) * (0.75 + (options.Jitter() / 2));
            await Task.Delay(backoff < options.MaxBackoff ? backoff : options.MaxBackoff, time, cancellation);
        }
    }

    [LoggerMessage(3101, LogLevel.Warning, "Sign-in to tenant {Tenant} failed for now ({Code}); it is tried again")]
    private static partial void LogSignInRepeated(ILogger log, string tenant, string code);
}
