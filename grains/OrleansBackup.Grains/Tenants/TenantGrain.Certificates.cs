using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using OrleansBackup.Domain.Credentials;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Subscriptions;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Tenants;

/// <summary>The certificates with which the service signs in to the tenant: there before they are used, two beside each other while one replaces the other, and watched until they end.</summary>
internal sealed partial class TenantGrain
{
    private const int MostCertificates = 4;

    public async Task<AppCertificate> MakeCertificate(TimeSpan life, CancellationToken cancellation)
    {
        RequireNotEnding();
        RequireRoomForCertificate();
        return await KeepAsync(await TryAsync(() => connections.Certificates.MakeAsync(Owner, life, cancellation)), cancellation);
    }

    public async Task<AppCertificate> TakeCertificate(GivenCertificate given, CancellationToken cancellation)
    {
        RequireNotEnding();
        var taken = await TryAsync(() => connections.Certificates.TakeAsync(Owner, given, cancellation));
        if (State.Certificates.FirstOrDefault(kept => kept.Id == taken.Id) is { } known)
            return Listing(known);
        RequireRoomForCertificate();
        return await KeepAsync(taken, cancellation);
    }

    public Task<ImmutableArray<AppCertificate>> ListCertificates(CancellationToken cancellation) =>
        Task.FromResult(State.Certificates.Select(Listing).ToImmutableArray());

    public async Task<ImmutableArray<PermissionState>> TryCertificate(string clientId, string certificate, CancellationToken cancellation)
    {
        RequireClient(clientId);
        using var client = await ConnectAsync(clientId, await FindAsync(certificate, cancellation), cancellation);
        return await TryAsync(() => TenantSignIn.TryAsync(client, Tenant, cancellation));
    }

    public async Task<AppCertificate> UseCertificate(string certificate, string? clientId, CancellationToken cancellation)
    {
        RequireOnboarded();
        RequireNotEnding();
        var client = clientId ?? State.Access!.ClientId;
        // A permission that is missing is told by the check of permissions; it is no reason to stay with a certificate that ends.
        var permissions = await TryCertificate(client, certificate, cancellation);
        var kept = await FindAsync(certificate, cancellation);
        await _keeper.ChangeAsync(state => state.SignsInWith(kept, client, Now) with { Permissions = permissions });
        LogUses(log, Tenant, certificate);
        await TryPutCardAsync(cancellation);
        await TellProviderAsync(always: true, cancellation);
        return Listing(Known(certificate));
    }

    public async Task RemoveCertificate(string certificate, CancellationToken cancellation)
    {
        if (State.CertificateInUse == certificate)
            throw new NotPossibleNowException("The tenant signs in with this certificate; use another one first.");
        if (State.Certificates.All(kept => kept.Id != certificate))
            return;
        await _keeper.ChangeAsync(state => state with { Certificates = state.Certificates.RemoveAll(kept => kept.Id == certificate) });
        await KeepCard(cancellation);
    }

    private async Task<AppCertificate> KeepAsync(KeptCertificate kept, CancellationToken cancellation)
    {
        await _keeper.ChangeAsync(state => state with { Certificates = state.Certificates.Add(kept) });
        await KeepCard(cancellation);
        return Listing(kept);
    }

    private string Owner => Tenant.ToString();

    private AppCertificate Listing(KeptCertificate kept) => AppCertificates.Listing(kept, State.CertificateInUse);

    /// <summary>The tenant's own, or a copy of the provider's, which is the tenant's as soon as it signs in with it.</summary>
    private async Task<KeptCertificate> FindAsync(string certificate, CancellationToken cancellation) => State.Certificates.FirstOrDefault(kept => kept.Id == certificate)
        ?? (await GrainFactory.CertificateBook().Find(certificate, cancellation) is { } providers ? await TryAsync(() => connections.Certificates.CopyAsync(providers, Owner, cancellation)) : Known(certificate));

    private KeptCertificate Known(string certificate) =>
        State.Certificates.FirstOrDefault(kept => kept.Id == certificate) ?? throw new NotFoundException("Neither the tenant nor the provider has such a certificate here.");

    private async Task<GraphClient> ConnectAsync(string clientId, KeptCertificate certificate, CancellationToken cancellation) =>
        connections.Connect(Tenant, clientId, new CertificateProof(await TryAsync(() => connections.Certificates.OpenAsync(Owner, certificate.Wrapped, cancellation))));

    private void RequireRoomForCertificate()
    {
        if (State.Certificates.Length >= MostCertificates)
            throw new NotPossibleNowException($"The tenant has {MostCertificates} certificates here; remove one that is not used any more.");
    }

    /// <summary>Tells of the end of the certificate in use, at each of some days before it. What does not succeed is done by the next sweep.</summary>
    private async Task TellCertificateAsync(CancellationToken cancellation)
    {
        if (State is not { CertificateInUse: { } id } || Known(id) is not { } kept || CertificateWatch.Reached(kept.NotAfter, Now) is not { } days || State.CertificateTold == $"{id}/{days}")
            return;
        try
        {
            // Told before it is remembered: a crash in between tells twice, and the id drops that.
            var (tenant, subject) = kept.IsProviders ? ((TenantId?)null, $"certificates/{id}") : (Tenant, $"tenants/{Tenant}/certificates/{id}");
            await GrainFactory.PublishAsync(ServiceEvent.Of(EventKind.CertificateEnds, tenant, $"certificate/{id}/{days}", Now, subject, // of the provider's every tenant makes the same event
                ("ends", $"{kept.NotAfter.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"), ("days", $"{CertificateWatch.DaysLeft(kept.NotAfter, Now)}"), ("client", State.Access?.ClientId ?? "")), cancellation);
            await _keeper.ChangeAsync(state => state with { CertificateTold = $"{id}/{days}" });
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && !_leaving.IsCancellationRequested)
        {
            LogEndNotTold(log, Tenant, exception);
        }
    }

    private async Task<bool> RewrapCertificatesAsync(CancellationToken cancellation)
    {
        var changed = false;
        foreach (var before in State.Certificates)
        {
            var after = await TryAsync(() => connections.Certificates.RewrapAsync(Owner, before, cancellation));
            if (after == before)
                continue;
            await _keeper.ChangeAsync(state => state with { Certificates = [.. state.Certificates.Select(kept => kept.Id == after.Id ? kept with { Wrapped = after.Wrapped } : kept)] });
            changed = true;
        }
        return changed;
    }

    private string? CertificateProblem() => State.CertificateInUse is { } id ? CertificateWatch.Problem(Known(id).NotAfter, Now) : null;

    [LoggerMessage(2443, LogLevel.Information, "Tenant {Tenant} is signed in to with the certificate {Certificate} from now on")]
    private static partial void LogUses(ILogger log, TenantId tenant, string certificate);

    [LoggerMessage(2444, LogLevel.Error, "That the certificate of tenant {Tenant} ends could not be handed to subscriptions; the next sweep tries again")]
    private static partial void LogEndNotTold(ILogger log, TenantId tenant, Exception exception);
}
