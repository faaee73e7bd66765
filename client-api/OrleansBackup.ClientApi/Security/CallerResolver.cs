using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.ClientApi.Security.Keys;
using OrleansBackup.ClientApi.Security.OpenId;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.ClientApi.Security;

/// <summary>From what somebody sent to who he is here. Null means: nobody, and never says why to him.</summary>
internal sealed class CallerResolver(ApiKeys configured, IGrainFactory grains, OpenIdProvider provider, ContactDirectory contacts, IOptions<OpenIdOptions> openId)
{
    public Task<Caller?> OfKeyAsync(string key, CancellationToken cancellation) => OfKeyHashAsync(KeySecret.Hash(key), KeySecret.HasForm(key), cancellation);

    /// <exception cref="TokenRefusedException">The token is not believed, or gives no role here.</exception>
    public async Task<Caller> OfTokenAsync(string token, CancellationToken cancellation)
    {
        var account = AccountReader.Read(await provider.VerifyAsync(token, openId.Value.TokenAudience, null, cancellation), openId.Value);
        return await OfAccountAsync(account, SignInMethod.Token, cancellation) ?? throw new TokenRefusedException("its account has no role here");
    }

    /// <summary>A session is worth what its key or account is worth now.</summary>
    public async Task<Caller?> OfSessionAsync(string hash, CancellationToken cancellation) => await grains.Sessions().Find(hash, cancellation) switch
    {
        { KeyHash: { } key } => await OfKeyHashAsync(key, true, cancellation) is { } holder
            ? new Caller(holder.Name, holder.Person, holder.Roles, holder.Tenants, SignInMethod.Session, holder.Key) : null,
        { Account: { } account } => await OfAccountAsync(account, SignInMethod.Session, cancellation),
        _ => null,
    };

    /// <summary>Roles come from the sign-in's claims; who has none there is a customer if a tenant names his address among its contacts.</summary>
    public async Task<Caller?> OfAccountAsync(SignedInAccount account, SignInMethod method, CancellationToken cancellation)
    {
        var (roles, tenants, open) = (account.Roles, account.Tenants, (ImmutableHashSet<TenantId>?)null);
        if (tenants is null && roles.All(role => role == Role.CustomerContact))
        {
            var his = account.Email is { } email ? await contacts.TenantsOfAsync(email, cancellation) : [];
            if (his.Count == 0)
                return null;
            (roles, tenants, open) = ([Role.CustomerContact], [.. his.Select(one => one.Tenant)], [.. his.Where(one => one.MayAskForRestores).Select(one => one.Tenant)]);
        }
        return Caller.ScopeProblem(roles, tenants) is null ? new Caller(account.Name, account.Person, roles, tenants, method) { Email = account.Email, ContentIn = open } : null;
    }

    private async Task<Caller?> OfKeyHashAsync(string hash, bool canBeMadeHere, CancellationToken cancellation)
    {
        if (configured.CallerOfHash(hash) is { } holder)
            return holder;
        return canBeMadeHere && await grains.AccessKeys().Find(hash, cancellation) is { Key: { } key, Person: var person }
            ? new Caller(key.Name, person, key.Roles, key.Tenants, SignInMethod.ApiKey, key.Id.ToString()) : null;
    }
}
