using Microsoft.Extensions.Logging;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Hands to the notice book what discoveries found and do not protect. Each part remembers what is not handed over yet, and the book drops what comes twice.</summary>
internal sealed partial class TenantGrain
{
    private const int AnnouncedAtOnce = 1_000;

    /// <summary>What of it does not succeed is done by the next sweep: a discovery that was made stays made, and no run waits for a notice.</summary>
    private async Task AnnounceAsync(CancellationToken cancellation)
    {
        try
        {
            while (await AskPartsAsync((part, _) => part.ListUnannounced(AnnouncedAtOnce, cancellation)) is var parts && parts.Any(part => !part.IsEmpty))
            {
                await GrainFactory.NoticeBook(Tenant).TellUnprotected(
                    [.. parts.SelectMany(part => part).Select(known => new NoticeResource(known.Resource.LocalName, known.Resource.Kind, known.DisplayName, known.Address))], cancellation);
                await WithPartsAsync((part, number, token) => parts[number].IsEmpty ? Task.CompletedTask : part.Announced([.. parts[number].Select(known => known.Resource.LocalName)], token), cancellation);
            }
            await GrainFactory.NoticeBook(Tenant).Attend(cancellation); // its own tick can be lost
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && !_leaving.IsCancellationRequested)
        {
            LogNotAnnounced(log, Tenant, exception);
        }
    }

    private async Task<NoticeStanding> NoticesAsync(CancellationToken cancellation) => await GrainFactory.NoticeBook(Tenant).GetStanding(cancellation);

    [LoggerMessage(2409, LogLevel.Error, "What tenant {Tenant} has new and unprotected could not be handed to its notices; the next sweep tries again")]
    private static partial void LogNotAnnounced(ILogger log, TenantId tenant, Exception exception);
}
