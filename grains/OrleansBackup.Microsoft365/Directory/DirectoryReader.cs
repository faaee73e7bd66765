using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Directory;

/// <summary>Reads what a tenant has that could be protected, and whether it lets us.</summary>
public sealed class DirectoryReader(GraphClient client)
{
    private const int UsersPerPage = 999;

    /// <exception cref="TenantAccessException">The tenant is closed to us.</exception>
    public async Task<OrganizationInfo> ReadOrganizationAsync(CancellationToken cancellation)
    {
        var answer = await client.SendAsync(Read("organization?$select=id,displayName,countryLetterCode,verifiedDomains", GraphPermissions.ReadOrganization), cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        if (!document.RootElement.TryGetProperty("value", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return new OrganizationInfo(client.TenantId, client.TenantId, CountryCode: null, []);
        }

        var organization = list[0];
        var id = TolerantJson.GetText(organization, "id") ?? client.TenantId;
        return new OrganizationInfo(id, TolerantJson.GetText(organization, "displayName") is { Length: > 0 } name ? name : id,
            TolerantJson.GetText(organization, "countryLetterCode"), Domains(organization));
    }

    /// <summary>Which of the permissions that we use the tenant grants, found out live; see <see cref="PermissionReport"/>.</summary>
    /// <exception cref="TenantAccessException">Not even a token is given.</exception>
    public Task<PermissionReport> CheckPermissionsAsync(CancellationToken cancellation) => new PermissionCheck(client).RunAsync(cancellation);

    /// <summary>Every user of the tenant, guests and disabled ones too: shared mailboxes are disabled users without a licence.</summary>
    public async IAsyncEnumerable<DirectoryUser> ListUsersAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var first = Read($"users?$select={DirectoryUser.Select}&$top={UsersPerPage}", GraphPermissions.ReadUsers) with { Cost = 2 };
        await foreach (var page in ListWalk.PagesAsync(client, first, cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (DirectoryUser.Read(document.RootElement) is { } user && seen.Add(user.Id)) yield return user;
            }
        }
    }

    /// <summary>Whether a user has a mailbox, and of which kind.</summary>
    public async Task<MailboxProbe> ProbeMailboxAsync(string userId, CancellationToken cancellation) =>
        (await ProbeMailboxesAsync([userId], cancellation))[0];

    /// <summary>The same for many, ten users to a request; in the order asked.</summary>
    public async Task<ImmutableArray<MailboxProbe>> ProbeMailboxesAsync(IReadOnlyList<string> userIds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        var parts = userIds.SelectMany(id => new BatchPart[]
        {
            new($"/users/{Uri.EscapeDataString(id)}/mailFolders/inbox?$select=id", Prefer: null),
            new($"/users/{Uri.EscapeDataString(id)}/mailboxSettings/userPurpose", Prefer: null),
        }).ToList();
        var answers = await new BatchSender(client).SendAsync(parts, mailbox: null, RequestSubject.Mailbox, cancellation);
        return [.. userIds.Select((id, i) => Judge(id, answers[2 * i], answers[(2 * i) + 1]))];
    }

    /// <summary>Whether users have a OneDrive, twenty to a request; in the order asked. Ask only for those that may have one: many questions for what does not exist are throttled.</summary>
    /// <exception cref="TenantAccessException">The tenant does not permit looking.</exception>
    public async Task<ImmutableArray<DriveProbe>> ProbeDrivesAsync(IReadOnlyList<string> userIds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        var parts = userIds.Select(id => new BatchPart($"/users/{Uri.EscapeDataString(id)}/drive?$select=id,quota", Prefer: null)).ToList();
        var answers = await new BatchSender(client).SendAsync(parts, mailbox: null, RequestSubject.Drive, cancellation);
        return [.. userIds.Select((id, i) => Judge(id, answers[i]))];
    }

    private DriveProbe Judge(string userId, BatchAnswer drive)
    {
        if (drive.Failure is not { } failure) return new DriveProbe(userId, DrivePresence.HasDrive, Code: null) { UsedBytes = drive.Body.ValueKind == JsonValueKind.Object ? Drives.GraphDrive.Read(drive.Body)?.UsedBytes : null };
        var meaning = FailureMeaning.Of(failure, RequestSubject.Drive);
        if (meaning is Meaning.AccessDenied or Meaning.TokenRejected)
        {
            var request = Read($"users/{Uri.EscapeDataString(userId)}/drive", GraphPermissions.ReadFiles) with { Mailbox = Drives.DriveRequests.Load(userId), Subject = RequestSubject.Drive };
            if (client.Translate(failure, meaning, request) is TenantAccessException closed) throw closed;
        }
        // A locked drive is one; its runs say that it is locked.
        return meaning switch
        {
            Meaning.NoDrive or Meaning.ItemGone => new DriveProbe(userId, DrivePresence.NoDrive, failure.Code),
            Meaning.DriveLocked => new DriveProbe(userId, DrivePresence.HasDrive, failure.Code),
            _ => new DriveProbe(userId, DrivePresence.Unknown, failure.Code),
        };
    }

    private MailboxProbe Judge(string userId, BatchAnswer inbox, BatchAnswer purpose)
    {
        if (inbox.Failure is not { } failure) return new MailboxProbe(userId, MailboxPresence.HasMailbox, MailboxPurposes.Read(purpose), Code: null);
        var meaning = FailureMeaning.Of(failure, RequestSubject.Mailbox);
        switch (meaning)
        {
            // Not found is also what a healthy mailbox says in a bad hour; the caller knows whether there was one yesterday.
            case Meaning.NoMailbox or Meaning.MailboxMissing or Meaning.ItemGone:
                return new MailboxProbe(userId, MailboxPresence.NoMailbox, MailboxPurpose.Unknown, failure.Code);
            case Meaning.AccessDenied or Meaning.TokenRejected:
                var request = Read($"users/{Uri.EscapeDataString(userId)}/mailFolders/inbox", GraphPermissions.ReadMail) with { Mailbox = userId, Subject = RequestSubject.Mailbox };
                if (client.Translate(failure, meaning, request) is TenantAccessException closed) throw closed;
                return new MailboxProbe(userId, MailboxPresence.Unknown, MailboxPurpose.Unknown, failure.Code);
            default:
                return new MailboxProbe(userId, MailboxPresence.Unknown, MailboxPurpose.Unknown, failure.Code);
        }
    }

    private GraphRequest Read(string path, ImmutableArray<string> permissions) => new()
    {
        Method = HttpMethod.Get, Address = client.Address(path), Subject = RequestSubject.Tenant, AnyPermission = permissions,
    };

    private static ImmutableArray<string> Domains(JsonElement organization)
    {
        if (!organization.TryGetProperty("verifiedDomains", out var domains) || domains.ValueKind != JsonValueKind.Array) return [];
        return [.. domains.EnumerateArray()
            .OrderByDescending(d => d.TryGetProperty("isDefault", out var isDefault) && isDefault.ValueKind == JsonValueKind.True)
            .Select(d => TolerantJson.GetText(d, "name")).OfType<string>()];
    }
}
