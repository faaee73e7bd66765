using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Finds every mailbox of a tenant: of users, shared, of rooms and equipment, and the accounts that have none.</summary>
/// <remarks>
/// A shared mailbox is a disabled account without a licence, so neither tells whether there is a mailbox: each account is probed. Guests have
/// none by definition and are not asked.
/// </remarks>
internal static class MailboxDiscovery
{
    private const int ProbesAtOnce = 100;

    public static async Task<ImmutableArray<DiscoveredResource>> FindAsync(
        GraphClient client, TenantId tenant, Func<string, DiscoveredResource?> known, CancellationToken cancellation)
    {
        var directory = new DirectoryReader(client);
        var users = new List<DirectoryUser>();
        await foreach (var user in directory.ListUsersAsync(cancellation))
            users.Add(user);
        var found = ImmutableArray.CreateBuilder<DiscoveredResource>(users.Count);
        foreach (var block in users.Where(user => !user.IsGuest).Chunk(ProbesAtOnce))
        {
            var probes = await directory.ProbeMailboxesAsync([.. block.Select(user => user.Id)], cancellation);
            found.AddRange(block.Zip(probes, (user, probe) => Judge(tenant, user, probe, known(user.Id))));
        }
        found.AddRange(users.Where(user => user.IsGuest)
            .Select(user => Of(tenant, user, false, "guest", "A guest has no mailbox in this tenant.")));
        return found.ToImmutable();
    }

    private static DiscoveredResource Judge(TenantId tenant, DirectoryUser user, MailboxProbe probe, DiscoveredResource? known) => probe.Presence switch
    {
        MailboxPresence.HasMailbox => Of(tenant, user, true, PurposeOf(probe, known), null),
        MailboxPresence.NoMailbox => Of(tenant, user, false, known?.Purpose ?? "user",
            $"Microsoft 365 says that this account has no mailbox ({probe.Code}); a licence may be missing."),
        // One bad answer concludes nothing: what was known stays.
        _ => known ?? Of(tenant, user, user.HasExchangePlan, "user", $"It could not be found out whether there is a mailbox ({probe.Code}); asked again at the next discovery."),
    };

    private static string PurposeOf(MailboxProbe probe, DiscoveredResource? known) => probe.Purpose == MailboxPurpose.Unknown
        ? known?.Purpose ?? "user"
        : probe.Purpose.ToString().ToLowerInvariant();

    private static DiscoveredResource Of(TenantId tenant, DirectoryUser user, bool hasMailbox, string purpose, string? problem) => new(
        new ResourceId(tenant, ResourceKind.Mailbox, user.Id), user.DisplayName, user.Mail ?? user.UserPrincipalName ?? "", purpose, hasMailbox, problem);
}
