using System.Collections.Immutable;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Directory;

/// <summary>Finds out what a tenant grants: by the permissions in a fresh token, and by reading something with each that can be read with.</summary>
internal sealed class PermissionCheck(GraphClient client)
{
    /// <summary>Users that are looked at for one with a mailbox to try the mail permissions on.</summary>
    private const int UsersToTry = 20;

    private static readonly ImmutableArray<Need> Needs =
    [
        new("User.Read.All", GraphPermissions.ReadUsers, "Find the users and shared mailboxes of the tenant.", Backup: true, Restore: true),
        new("Mail.Read", GraphPermissions.ReadMail, "Read folders, messages and attachments.", Backup: true, Restore: true),
        new("MailboxSettings.Read", GraphPermissions.ReadMailboxSettings, "Tell user, shared, room and equipment mailboxes apart.", Backup: true, Restore: false),
        new("Mail.ReadWrite", GraphPermissions.WriteMail, "Put messages and folders back.", Backup: false, Restore: true),
        // Without one of these the service runs, and a restore point says what it lacks.
        Wanted("Calendars.Read", GraphPermissions.ReadCalendars, "Back calendars up."),
        Wanted("Contacts.Read", GraphPermissions.ReadContacts, "Back contacts up."),
        Wanted("Tasks.Read.All", GraphPermissions.ReadTasks, "Back tasks up."),
        Wanted("Files.Read.All", GraphPermissions.ReadFiles, "Find and back up OneDrives and the libraries of sites."),
        Wanted("Sites.Read.All", CollaborationGrants.ReadSites, "Find sites and back their lists and pages up."),
        Wanted("Group.Read.All", CollaborationGrants.ReadGroups, "Find Microsoft 365 groups."),
        Wanted("Team.ReadBasic.All", CollaborationGrants.ReadTeams, "Find teams."),
        Wanted("ChannelMessage.Read.All", CollaborationGrants.ReadMessages, "Back the messages of channels up; Microsoft grants it on request."),
        Wanted("MailboxItem.ImportExport.All", GraphPermissions.ImportItems, "Keep Exchange's own form of items and put it back exactly."),
        Wanted("Calendars.ReadWrite", GraphPermissions.WriteCalendars, "Put events back."),
        Wanted("Contacts.ReadWrite", GraphPermissions.WriteContacts, "Put contacts back."),
        Wanted("Tasks.ReadWrite.All", GraphPermissions.WriteTasks, "Put tasks back."),
        Wanted("Files.ReadWrite.All", GraphPermissions.WriteFiles, "Put files back."),
        Wanted("Sites.ReadWrite.All", CollaborationGrants.WriteSites, "Put lists and pages back."),
        Wanted("Teamwork.Migrate.All", CollaborationGrants.Migrate, "Put channel messages back with author and time; without it they come back as an archive of pages."),
    ];

    /// <summary>All that is ever asked for, of a tenant that nobody has looked at.</summary>
    public static PermissionReport Asked { get; } = new([.. Needs.Select(need => new PermissionFinding(need.Name, PermissionState.Unknown, need.Purpose, need.Backup, need.Restore, null))]);

    private static Need Wanted(string name, ImmutableArray<string> satisfying, string purpose) => new(name, satisfying, purpose, Backup: false, Restore: false);

    /// <exception cref="TenantAccessException">Not even a token is given.</exception>
    public async Task<PermissionReport> RunAsync(CancellationToken cancellation)
    {
        var roles = await client.ReadGrantedRolesAsync(cancellation);
        var refusals = await ProbeAsync(roles, cancellation);
        return new PermissionReport([.. Needs.Select(need => Judge(need, roles, refusals))]);
    }

    private static PermissionFinding Judge(Need need, IReadOnlySet<string>? roles, Dictionary<string, string?> probed)
    {
        // Being refused in deed outweighs what the token says; having been let in outweighs a token that cannot be read.
        var state = probed.TryGetValue(need.Name, out var refusal) && refusal is not null ? PermissionState.Missing
            : roles is not null ? need.Satisfying.Any(roles.Contains) ? PermissionState.Granted : PermissionState.Missing
            : probed.ContainsKey(need.Name) ? PermissionState.Granted : PermissionState.Unknown;
        return new PermissionFinding(need.Name, state, need.Purpose, need.Backup, need.Restore, refusal);
    }

    /// <returns>By permission that was tried: null when let in, else the code of the refusal.</returns>
    private async Task<Dictionary<string, string?>> ProbeAsync(IReadOnlySet<string>? roles, CancellationToken cancellation)
    {
        var probed = new Dictionary<string, string?>(StringComparer.Ordinal);
        List<DirectoryUser> users = [];
        try
        {
            await foreach (var user in new DirectoryReader(client).ListUsersAsync(cancellation))
            {
                if (user.IsGuest) continue;
                users.Add(user);
                if (users.Count == UsersToTry) break;
            }

            probed["User.Read.All"] = null;
        }
        catch (TenantAccessException e) when (e.Problem == TenantAccessProblem.PermissionMissing)
        {
            probed["User.Read.All"] = e.Code;
            return probed; // without users there is no mailbox to try
        }

        foreach (var user in users.OrderByDescending(u => u.HasExchangePlan))
        {
            if (!await TryAsync("Mail.Read", $"users/{user.Id}/mailFolders/inbox?$select=id", GraphPermissions.ReadMail, user.Id, roles, probed, cancellation)) continue;
            await TryAsync("MailboxSettings.Read", $"users/{user.Id}/mailboxSettings/userPurpose", GraphPermissions.ReadMailboxSettings, user.Id, roles, probed, cancellation);
            break;
        }

        return probed;
    }

    /// <returns>False when this user's mailbox shows nothing and another should be tried.</returns>
    private async Task<bool> TryAsync(string name, string path, ImmutableArray<string> permissions, string userId, IReadOnlySet<string>? roles, Dictionary<string, string?> probed, CancellationToken cancellation)
    {
        try
        {
            await client.SendAsync(new GraphRequest
            {
                Method = HttpMethod.Get, Address = client.Address(path), Subject = RequestSubject.Mailbox, Mailbox = userId, AnyPermission = permissions,
            }, cancellation);
            probed[name] = null;
            return true;
        }
        catch (TenantAccessException e) when (e.Problem == TenantAccessProblem.PermissionMissing)
        {
            probed[name] = e.Code;
            return true;
        }
        catch (MailboxUnavailableException e)
        {
            // A closed mailbox with a token that cannot be read may as well be a missing permission; others will show.
            if (e.Problem == MailboxProblem.AccessDenied && roles is null) probed[name] = e.Code;
            return false;
        }
    }

    private sealed record Need(string Name, ImmutableArray<string> Satisfying, string Purpose, bool Backup, bool Restore);
}
