using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>The truth about everything but mail, in one form, and its loss: what <c>/_sim/tenants/{tenant}/things</c> offers.</summary>
/// <remarks>An owner is a mailbox or OneDrive by its user, a site or a team by its id. Something unknown throws <see cref="KeyNotFoundException"/>.</remarks>
public sealed class ThingsAdmin(SimulatorAdmin admin)
{
    /// <param name="tenant">The tenant.</param>
    /// <param name="ownerKind"><c>mailbox</c>, <c>onedrive</c>, <c>site</c> or <c>team</c>.</param>
    /// <param name="owner">Its id; also of one that is gone.</param>
    /// <param name="at">The moment; null: now.</param>
    public ThingsState Read(string tenant, string ownerKind, string owner, DateTimeOffset? at = null)
    {
        var (found, moment) = (admin.Tenant(tenant), at ?? admin.World.Clock.GetUtcNow());
        return new ThingsState(moment, ownerKind switch
        {
            "mailbox" => ThingsTruth.OfMailbox(admin.Mailbox(tenant, owner), moment),
            "onedrive" => [.. ThingsTruth.OfDrive(admin.Drive(tenant, owner), moment)],
            "site" => [.. CollaborationTruth.OfSite(found, Site(found, owner), moment)],
            "team" => [.. CollaborationTruth.OfTeam(Team(found, owner), moment)],
            _ => throw new KeyNotFoundException($"No owner is a '{ownerKind}'."),
        });
    }

    /// <summary>Deletes something for good: an event, contact, task, file, folder, item of a list, page, or channel. Nobody is told.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ownerKind">As in <see cref="Read"/>.</param>
    /// <param name="owner">As in <see cref="Read"/>.</param>
    /// <param name="kind">The kind of thing.</param>
    /// <param name="id">As in <see cref="StateThing.Id"/>.</param>
    public void Delete(string tenant, string ownerKind, string owner, string kind, string id)
    {
        var found = admin.Tenant(tenant);
        var (scope, own) = id.IndexOf('~', StringComparison.Ordinal) is > 0 and var cut ? (id[..cut], id[(cut + 1)..]) : ("", id);
        switch (kind)
        {
            case "event" or "contact" or "task":
                var mailbox = admin.Mailbox(tenant, owner);
                mailbox.DeleteItem(ItemAccess.Item(mailbox, id, Enum.Parse<ItemKind>(kind, ignoreCase: true)).Version.Item);
                break;
            case "file" or "drive-folder":
                var drive = admin.Drive(tenant, scope);
                drive.Delete(drive.Find(own) ?? throw new KeyNotFoundException($"No item '{own}'."));
                break;
            case "list-item":
                Site(found, owner).Items(scope).Delete(own);
                break;
            case "page":
                Site(found, owner).Pages.Delete(own);
                break;
            case "channel":
                Team(found, owner).Channels.Delete(id);
                break;
            default:
                throw new ArgumentException($"A {kind} of a {ownerKind} cannot be deleted here.");
        }
    }

    /// <summary>How many messages the service has sent to people because of what was done through Graph: invitations, updates, cancellations, shares.</summary>
    public int CountSent(string tenant)
    {
        var found = admin.Tenant(tenant);
        return found.Directory.Users.Select(user => found.Directory.FindMailbox(user.Id)).OfType<Mailbox>().Sum(mailbox => mailbox.Sent.Count) + found.Drives.All.Sum(drive => drive.InvitationsSent);
    }

    private static SimulatedSite Site(SimulatedTenant tenant, string id) =>
        tenant.Collaboration.Sites.FirstOrDefault(site => site.Id == id) ?? throw new KeyNotFoundException($"No site '{id}'.");

    private static SimulatedTeam Team(SimulatedTenant tenant, string id) =>
        tenant.Collaboration.Teams.FirstOrDefault(team => team.Id == id) ?? throw new KeyNotFoundException($"No team '{id}'.");
}
