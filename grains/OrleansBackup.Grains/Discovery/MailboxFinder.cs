using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Microsoft365.Directory;

namespace OrleansBackup.Grains.Discovery;

/// <summary>Finds every mailbox: of users, shared, of rooms and equipment, and the accounts that have none.</summary>
/// <remarks>
/// A shared mailbox is a disabled account without a licence, so neither tells whether there is a mailbox: each account is probed. Guests have
/// none by definition and are not asked.
/// </remarks>
internal sealed class MailboxFinder : IResourceFinder
{
    private const int ProbesAtOnce = 100;

    public ResourceKind Kind => ResourceKind.Mailbox;

    public async Task<ImmutableArray<DiscoveredResource>> FindAsync(DiscoveryScene scene, CancellationToken cancellation)
    {
        var directory = new DirectoryReader(scene.Client);
        var found = ImmutableArray.CreateBuilder<DiscoveredResource>(scene.Users.Length);
        foreach (var block in scene.Users.Where(user => !user.IsGuest).Chunk(ProbesAtOnce))
        {
            var probes = await directory.ProbeMailboxesAsync([.. block.Select(user => user.Id)], cancellation);
            found.AddRange(block.Zip(probes, (user, probe) => Judge(scene, user, probe)));
        }
        found.AddRange(scene.Users.Where(user => user.IsGuest)
            .Select(user => Of(scene, user, false, "guest", "A guest has no mailbox in this tenant.")));
        return found.ToImmutable();
    }

    private static DiscoveredResource Judge(DiscoveryScene scene, DirectoryUser user, MailboxProbe probe)
    {
        var known = scene.AsKnown(scene.Of(ResourceKind.Mailbox, user.Id));
        return probe.Presence switch
        {
            MailboxPresence.HasMailbox => Of(scene, user, true, PurposeOf(probe, known), null),
            MailboxPresence.NoMailbox => Of(scene, user, false, known?.Purpose ?? "user",
                $"Microsoft 365 says that this account has no mailbox ({probe.Code}); a licence may be missing."),
            // One bad answer concludes nothing: what was known stays.
            _ => known ?? Of(scene, user, user.HasExchangePlan, "user", $"It could not be found out whether there is a mailbox ({probe.Code}); asked again at the next discovery."),
        };
    }

    private static string PurposeOf(MailboxProbe probe, DiscoveredResource? known) => probe.Purpose == MailboxPurpose.Unknown
        ? known?.Purpose ?? "user"
        : probe.Purpose.ToString().ToLowerInvariant();

    private static DiscoveredResource Of(DiscoveryScene scene, DirectoryUser user, bool hasMailbox, string purpose, string? problem) => new(
        scene.Of(ResourceKind.Mailbox, user.Id), user.DisplayName, user.Mail ?? user.UserPrincipalName ?? "", purpose, hasMailbox, problem);
}
