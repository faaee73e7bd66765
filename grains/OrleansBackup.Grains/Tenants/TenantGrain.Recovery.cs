using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Scope;
using OrleansBackup.Domain.Storage;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Reports;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Reports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Grains.Recovery;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tenants;

/// <summary>What a tenant keeps beside its backups so that it can begin again without the database, how it does, and how it comes under another key.</summary>
internal sealed partial class TenantGrain
{
    public async Task<TenantRecovery> Recover(string store, CancellationToken cancellation)
    {
        if (State.Access is not null)
        {
            var present = (await CountsAsync(cancellation)).Resources;
            return new TenantRecovery(present.Protected + present.Unprotected, 0, []);
        }
        RequireNotEnding();
        var from = stores.Of(store);
        var card = await TryAsync(() => CardAsync(from, cancellation));
        var problems = new List<string>();
        var found = await TryAsync(() => TenantFinder.ResourcesAsync(from, Tenant, problems, cancellation));
        var points = 0;
        var failed = new ConcurrentBag<string>();
        var health = new ConcurrentDictionary<string, ResourceHealth>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(found, InParallel(GrainCallsAtOnce, cancellation), async (resource, token) =>
        {
            try
            {
                var grain = GrainFactory.Resource(resource.Resource);
                Interlocked.Add(ref points, await grain.Recover(TenantFinder.Of(resource, card.Retention, card.Window), token));
                health[resource.Resource.LocalName] = (await grain.GetStatus(token)).Health; // who is not protected has no run that would tell of its points
            }
            catch (ServiceException exception)
            {
                failed.Add($"{resource.Resource.LocalName}: {exception.Message}");
            }
        });
        // The resources first: while this state is not there, all of it can be asked for again.
        var settings = new TenantSettings(card.Scope ?? ScopeOf(found), card.Retention, card.Window) { Rehearsal = card.Rehearsal?.Settings(Tenant) ?? RehearsalSettings.Default };
        var parts = TenantParts.Needed(found.Length, 1);
        await PutAsync(Enumerable.Range(0, parts), parts, settings,
            new PartCensus([.. found.Select(resource => Known(resource, settings) with { Health = health.GetValueOrDefault(resource.Resource.LocalName) })], []), cancellation);
        if (card.Notices is { } told)
            await GrainFactory.NoticeBook(Tenant).Recover(told, cancellation);
        problems.AddRange(await GrainFactory.Contract(Tenant).Recover(ContractOf(card, problems), cancellation));
        var reports = await RecoverLedgerAsync(from, problems, cancellation);
        await _keeper.ChangeAsync(state => state with
        {
            Name = card.Name, Access = new TenantAccess(Tenant, card.ClientId, card.WrappedSecret), OnboardedAt = card.OnboardedAt, Store = store,
            Settings = settings, Storage = new StorageDemand(card.Countries), Parts = parts, Reports = reports,
            Certificates = card.Certificates ?? [], CertificateInUse = card.CertificateInUse,
            Problem = "Recovered from the vault; what Microsoft 365 has now is not known before the next discovery.",
        });
        await GrainFactory.Provider().Enlist(Tenant, card.Name, cancellation);
        await this.RegisterOrUpdateReminder(Watch, TimeSpan.FromMinutes(1), WatchPeriod); // its first tick discovers
        await RegisterSweepAsync();
        LogRecovered(log, Tenant, found.Length, points);
        return new TenantRecovery(found.Length, points, [.. problems, .. failed]);
    }

    public async Task<bool> RotateKey(CancellationToken cancellation)
    {
        RequireOnboarded();
        RequireNotEnding();
        if (OpenMove is not null)
            throw new NotPossibleNowException("The tenant is being moved to another store; rotate again once that has ended.");
        var (store, before) = (stores.Of(StoreName), State.Access!.WrappedSecret);
        var result = await TryAsync(() => store.Repository.RotateKeyAsync(Tenant.ToString(), keys.Current, cancellation));
        var wrapped = before.Length == 0 ? before : await TryAsync(() => connections.RewrapSecretAsync(Tenant, before, keys, cancellation));
        if (wrapped != before)
            await _keeper.ChangeAsync(state => state.Access?.WrappedSecret == before ? state with { Access = state.Access with { WrappedSecret = wrapped } } : state);
        var certificates = await RewrapCertificatesAsync(cancellation);
        var webhooks = await GrainFactory.NoticeBook(Tenant).RewrapSecrets(cancellation) | await GrainFactory.Subscriptions(Tenant).RewrapSecrets(cancellation);
        // Not only tried: the card must not be the last thing that needs the earlier key.
        await TryAsync(async () => { await PutCardAsync(cancellation); return true; });
        LogRotated(log, Tenant, result.Wrapped);
        return result.Wrapped || wrapped != before || certificates || webhooks;
    }

    private async Task<TenantCard> CardAsync(Access.NamedStore from, CancellationToken cancellation)
    {
        try
        {
            return await TenantFinder.CardAsync(from, Tenant, cancellation)
                ?? throw new NotFoundException($"Tenant {Tenant} has no card in the store '{from.Name}'; onboard it again, its restore points are found then.");
        }
        catch (JsonException exception)
        {
            throw new VaultUnavailableException($"The card of tenant {Tenant} is not one of this service ({exception.Message}); onboard it again, its restore points are found then.");
        }
    }

    /// <summary>An earlier release wrote it on the card.</summary>
    private static KeptContract? ContractOf(TenantCard card, List<string> problems)
    {
        try
        {
            return card.Contract is { } packed ? ServiceCards.Unpack(packed) : null;
        }
        catch (JsonException exception)
        {
            problems.Add($"The contract on the card cannot be read; what the ledger says is taken: {exception.Message}");
            return null;
        }
    }

    /// <summary>What stands in the tenant's own ledger: who was there, work, reports.</summary>
    /// <returns>The months that have a report, newest first.</returns>
    private async Task<ImmutableArray<CalendarMonth>> RecoverLedgerAsync(Access.NamedStore from, List<string> problems, CancellationToken cancellation)
    {
        var usage = ImmutableArray.CreateBuilder<MonthUsage>();
        foreach (var name in await Ledgers.ListAsync(from, Tenant, LedgerNames.Usage, cancellation))
            if (await Ledgers.ReadOrTellAsync<MonthUsage>(from, Tenant, name, problems, cancellation) is { } month)
                usage.Add(month);
        if (await Ledgers.ReadOrTellAsync<WorkOrderList>(from, Tenant, LedgerNames.Work, problems, cancellation) is { } work)
            await GrainFactory.WorkOrders(Tenant).Recover(work.Orders, cancellation);
        if (await Ledgers.ReadOrTellAsync<SubscriptionList>(from, Tenant, LedgerNames.Subscriptions, problems, cancellation) is { } hearing)
            await GrainFactory.Subscriptions(Tenant).Recover(hearing.Subscriptions, cancellation);
        problems.AddRange(await GrainFactory.BillingAccount(Tenant).Recover(usage.ToImmutable(), cancellation));
        var reports = new List<CalendarMonth>();
        foreach (var name in await Ledgers.ListAsync(from, Tenant, LedgerNames.Reports, cancellation))
        {
            var month = CalendarMonth.Parse(name.Value[LedgerNames.Reports.Length..]);
            if (await Ledgers.ReadOrTellAsync<string>(from, Tenant, name, problems, cancellation) is not { } text)
                continue;
            var frozen = FrozenReport.OfText(text);
            var summary = await Ledgers.ReadOrTellAsync<ReportSummary>(from, Tenant, LedgerNames.ReportNotes(month), problems, cancellation)
                ?? new ReportSummary(month.ToString(), frozen.Thaw().MadeAt, frozen.Sha256, frozen.Thaw().AsksConfirmation, null, null);
            await GrainFactory.MonthlyReport(Tenant, month).Recover(text, summary, cancellation);
            reports.Add(month);
        }
        return [.. reports.OrderDescending()];
    }

    // Too many to be named in the card: those whose own cards say that they are protected.
    private static ProtectionScope ScopeOf(ImmutableArray<FoundResource> found) => new(
        ScopeMode.Selection, [.. found.Where(resource => resource.Card is { Protected: true }).Select(resource => resource.Resource.ObjectId)], [], true);

    private KnownResource Known(FoundResource found, TenantSettings settings)
    {
        var recovered = TenantFinder.Of(found, settings.Retention, settings.Window);
        return new KnownResource(found.Resource, recovered.Settings.DisplayName, recovered.Settings.Address, "", recovered.Protected,
            recovered.Reason ?? "As it was when the database was lost.", Now, null, null, null, IsThere: true);
    }

    public Task KeepCard(CancellationToken cancellation) => State.Access is null ? Task.CompletedTask : TryPutCardAsync(cancellation);

    private async Task PutCardAsync(CancellationToken cancellation)
    {
        var told = await GrainFactory.NoticeBook(Tenant).GetAddresses(cancellation);
        var state = State;
        var card = new TenantCard(state.Name, state.Access!.ClientId, state.Access.WrappedSecret, state.OnboardedAt, state.Settings.Scope, state.Settings.Retention, state.Settings.Window,
            state.Storage.Countries, told) 
        {
            Rehearsal = RehearsalCard.Of(state.Settings.Rehearsal), Certificates = state.Certificates.IsEmpty ? null : state.Certificates, CertificateInUse = state.CertificateInUse,
        };
        await stores.Of(StoreName).Repository.PutCardAsync(Tenant.ToString(), ServiceCards.Write(card), cancellation);
    }

    /// <summary>Best effort: what could not be written now is written at the next hourly tick.</summary>
    private async Task TryPutCardAsync(CancellationToken cancellation)
    {
        if ((await GetPlace(cancellation)).Paused is not null)
            return;
        try
        {
            await PutCardAsync(cancellation);
        }
        catch (Exception exception) when (exception is VaultException or IOException)
        {
            LogCardNotWritten(log, Tenant, exception);
        }
    }

    [LoggerMessage(2430, LogLevel.Information, "Tenant {Tenant} was recovered from the vault: {Resources} resources, {Points} restore points")]
    private static partial void LogRecovered(ILogger log, TenantId tenant, int resources, int points);

    [LoggerMessage(2431, LogLevel.Warning, "What tenant {Tenant} needs to be recovered without the database could not be written; tried again in an hour")]
    private static partial void LogCardNotWritten(ILogger log, TenantId tenant, Exception exception);

    [LoggerMessage(2432, LogLevel.Information, "The key of tenant {Tenant} is under the provider's present key (newly wrapped: {Wrapped})")]
    private static partial void LogRotated(ILogger log, TenantId tenant, bool wrapped);
}
