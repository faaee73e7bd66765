using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tenants;

/// <summary>What a tenant refuses, and how errors from below are told.</summary>
internal sealed partial class TenantGrain
{
    private static void Validate(TenantOnboarding request)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
            throw new InvalidRequestException("name", "A tenant needs a name.");
        if (request.Certificate is null)
            ValidateCredential(request.ClientId, request.ClientSecret);
        else
            RequireClient(request.ClientId);
        ValidateSettings(request.Settings);
    }

    private static void ValidateCredential(string clientId, string clientSecret)
    {
        RequireClient(clientId);
        if (string.IsNullOrWhiteSpace(clientSecret))
            throw new InvalidRequestException("clientSecret", "The secret of the app registration is missing.");
    }

    private static void RequireClient(string clientId)
    {
        if (string.IsNullOrWhiteSpace(clientId))
            throw new InvalidRequestException("clientId", "The id of the app registration is missing.");
    }

    private static void ValidateSettings(TenantSettings settings)
    {
        if (settings.Scope.Problem() is { } scope)
            throw new InvalidRequestException("settings.scope.kinds", scope);
        if (settings.Retention.Problem() is { } retention)
            throw new InvalidRequestException("settings.retention", retention);
        if (settings.Window.Problem() is { } window)
            throw new InvalidRequestException("settings.window", window);
    }

    /// <summary>A tenant stays in the store that it is in; a new one goes where it is asked to, if it may lie there.</summary>
    private async Task<NamedStore> ChooseStoreAsync(string? asked, StorageDemand demand, CancellationToken cancellation)
    {
        if (demand.Problem() is { } problem)
            throw new InvalidRequestException("storage.countries", problem);
        var present = State.Access is null ? null : StoreName;
        if (present is not null && asked is not null && asked != present)
            throw new InvalidRequestException("store", $"The tenant's backups are in the store '{present}'; onboarding again does not move them. Move the tenant instead.");
        var store = stores.Of(asked ?? present ?? stores.Default.Name);
        await VaultStores.RequireAsync(store, demand, "store", cancellation);
        return store;
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (TenantAccessException exception)
        {
            throw new TenantAccessRefusedException(exception.Message);
        }
        catch (GraphException exception)
        {
            throw new NotPossibleNowException($"Microsoft 365 did not answer as needed: {exception.Message}");
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    [LoggerMessage(2401, LogLevel.Information, "Tenant {Tenant} was onboarded")]
    private static partial void LogOnboarded(ILogger log, TenantId tenant);

    [LoggerMessage(2402, LogLevel.Information, "Discovery of tenant {Tenant}: {Found} accounts, {Fresh} new, {Vanished} vanished")]
    private static partial void LogDiscovered(ILogger log, TenantId tenant, int found, int fresh, int vanished);

    [LoggerMessage(2403, LogLevel.Warning, "Discovery of tenant {Tenant} failed; tried again in an hour")]
    private static partial void LogDiscoveryFailed(ILogger log, TenantId tenant, Exception exception);

    [LoggerMessage(2407, LogLevel.Warning, "Old restore job {Job} could not be cleared; the next job that starts tries again")]
    private static partial void LogRestoreKept(ILogger log, RestoreJobId job, Exception exception);
}
