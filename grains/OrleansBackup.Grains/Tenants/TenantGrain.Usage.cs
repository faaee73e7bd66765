using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Metering;
using OrleansBackup.GrainInterfaces.Billing;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Tells billing who is in the environment, after each look at it.</summary>
internal sealed partial class TenantGrain
{
    /// <summary>What of it does not succeed the next look tells again: no protection waits for a bill.</summary>
    private async Task TellUsageAsync(ImmutableArray<MeteredAccount> accounts, CancellationToken cancellation)
    {
        try
        {
            await GrainFactory.BillingAccount(Tenant).TellUsage(Now, accounts, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && !_leaving.IsCancellationRequested)
        {
            LogUsageNotTold(log, Tenant, exception);
        }
    }

    [LoggerMessage(2816, LogLevel.Error, "The users of tenant {Tenant} could not be told to its billing; the next discovery tells them")]
    private static partial void LogUsageNotTold(ILogger log, TenantId tenant, Exception exception);
}
