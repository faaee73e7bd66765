using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>Makes tenants, changes them and tells the truth about them: what <c>/_sim</c> offers, as calls.</summary>
/// <remarks>An unknown tenant, user, folder or message throws <see cref="KeyNotFoundException"/>. Messages are named by either kind of id.</remarks>
public sealed class SimulatorAdmin(SimulatedWorld world)
{
    private const int StatePage = 500;

    public SimulatedWorld World => world;

    public TenantCreated CreateTenant(TenantRecipe recipe)
    {
        var tenant = world.CreateTenant(recipe);
        return new TenantCreated(tenant.Id, tenant.Name, tenant.Domain, tenant.App.ClientId, tenant.App.ClientSecret, Mailboxes(tenant, expected: true));
    }

    /// <summary>The mailboxes of users that are there.</summary>
    public IReadOnlyList<MailboxSummary> Mailboxes(string tenant) => Mailboxes(Tenant(tenant), expected: false);

    /// <summary>Sets the consented permissions. What is withdrawn acts at once; what is added needs a new token.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="permissions">All that shall be consented.</param>
    /// <param name="revokeTokens">Also refuse every token issued so far.</param>
    public void SetPermissions(string tenant, IEnumerable<string> permissions, bool revokeTokens = false)
    {
        var found = Tenant(tenant);
        found.Permissions = permissions.ToImmutableHashSet();
        if (revokeTokens)
            found.RevokeTokens();
    }

    /// <summary>Makes every token request answer with an AADSTS number; null lets sign-in work again.</summary>
    public void SetSignInError(string tenant, int? number) => Tenant(tenant).App.SignInError = number;

    /// <summary>Adds a certificate to the app registration, as an administrator does who uploads the public part.</summary>
    /// <returns>Its thumbprint.</returns>
    public string RegisterCertificate(string tenant, string pem)
    {
        var certificate = X509CertificateLoader.LoadCertificate(Encoding.ASCII.GetBytes(pem));
        Tenant(tenant).App.Certificates[certificate.Thumbprint] = certificate;
        return certificate.Thumbprint;
    }

    /// <summary>Takes one off the registration again.</summary>
    public void UnregisterCertificate(string tenant, string thumbprint) => Tenant(tenant).App.Certificates.TryRemove(thumbprint, out _);

    /// <summary>Lives through days: the clock moves on by them.</summary>
    public LifeReport PlayLife(string tenant, LifeRecipe recipe) => Life.Play(Tenant(tenant), recipe, world.Clock);

    /// <summary>Somebody joins, with a licence and an empty mailbox. Equal seeds make equal people.</summary>
    public SimulatedUser AddUser(string tenant, ulong seed) => TenantGenerator.Join(Tenant(tenant), seed, world.Clock, world.Clock.GetUtcNow());

    /// <summary>Somebody leaves: the user is recycled and the mailbox cannot be reached any more; its truth stays readable.</summary>
    public void RemoveUser(string tenant, string user)
    {
        var directory = Tenant(tenant).Directory;
        directory.Put((directory.Find(user) ?? throw new KeyNotFoundException($"No user '{user}'.")) with { IsDeleted = true });
    }

    public void DeleteMessage(string tenant, string user, string messageId, bool hard)
    {
        var mailbox = Mailbox(tenant, user);
        mailbox.Delete(Message(mailbox, messageId), hard);
    }

    public void MoveMessage(string tenant, string user, string messageId, string folderId)
    {
        var mailbox = Mailbox(tenant, user);
        mailbox.Move(Message(mailbox, messageId), Folder(mailbox, folderId));
    }

    /// <returns>How many messages went with the folder.</returns>
    public int DeleteFolder(string tenant, string user, string folderId, bool hard = true)
    {
        var mailbox = Mailbox(tenant, user);
        return mailbox.DeleteFolder(Folder(mailbox, folderId), hard);
    }

    public void RenameFolder(string tenant, string user, string folderId, string displayName)
    {
        var mailbox = Mailbox(tenant, user);
        mailbox.ChangeFolder(Folder(mailbox, folderId), displayName);
    }

    /// <summary>Deletes everything: all messages for good, and all folders that are not well known.</summary>
    /// <returns>How many messages there were.</returns>
    public int Empty(string tenant, string user)
    {
        var mailbox = Mailbox(tenant, user);
        return mailbox.Read(() =>
        {
            var count = 0;
            foreach (var folder in mailbox.Folders.Where(folder => !folder.IsSearchFolder && folder.IsInTree).ToList())
            {
                foreach (var message in folder.Messages.ToList())
                {
                    mailbox.Delete(message, hard: true);
                    count++;
                }
            }
            foreach (var folder in mailbox.Folders.Where(folder => folder.WellKnownName is null && !folder.IsSearchFolder && folder.IsInTree).ToList())
            {
                if (!folder.Latest.IsDeleted)
                    mailbox.DeleteFolder(folder, hard: true);
            }
            return count;
        });
    }

    /// <summary>Delivers a message as it is into a folder (default: the inbox), unread, now.</summary>
    /// <returns>Its immutable id.</returns>
    public string Deliver(string tenant, string user, ReadOnlyMemory<byte> mime, string folderId = "inbox")
    {
        var mailbox = Mailbox(tenant, user);
        var content = new MimeContent(mime);
        var version = mailbox.Add(new NewMessage(Folder(mailbox, folderId), content) { SentAt = content.Detail.Date, Importance = content.Detail.Importance });
        return Mail.MailAccess.MessageId(mailbox, version, immutable: true);
    }

    /// <summary>The exact state at a moment (default: now), in pages.</summary>
    public MailboxState State(string tenant, string user, DateTimeOffset? at = null, string? cursor = null, int pageSize = StatePage) =>
        MailboxTruth.Read(Mailbox(tenant, user), at ?? world.Clock.GetUtcNow(), cursor, pageSize);

    /// <summary>Calendars, contacts and tasks at a moment (default: now).</summary>
    public ItemsState Items(string tenant, string user, DateTimeOffset? at = null) => ItemsTruth.Read(Mailbox(tenant, user), at ?? world.Clock.GetUtcNow());

    /// <summary>Deletes all calendars, events, contacts, tasks and their containers but those that everybody has.</summary>
    public void EmptyItems(string tenant, string user)
    {
        var mailbox = Mailbox(tenant, user);
        mailbox.Read(() =>
        {
            foreach (var item in mailbox.AllItems.Where(item => item.WellKnownName is null).ToList())
            {
                if (!item.Latest.IsDeleted)
                    mailbox.DeleteItem(item);
            }
            return true;
        });
    }

    /// <summary>The bytes of a message as it was at a moment (default: now). Also of one that is gone since.</summary>
    public ReadOnlyMemory<byte> Mime(string tenant, string user, string messageId, DateTimeOffset? at = null)
    {
        var mailbox = Mailbox(tenant, user);
        var id = Parse(messageId);
        var history = id.Kind == ExchangeIdKind.ImmutableMessage ? mailbox.FindHistory(id.Number) : Message(mailbox, messageId);
        return history?.At(at ?? world.Clock.GetUtcNow())?.Content.ToMime() ?? throw new KeyNotFoundException("No such message at that time.");
    }

    /// <summary>Makes a mailbox refuse everything with an error of Exchange; null makes it answer again.</summary>
    public void SetMailboxRefusal(string tenant, string user, MailboxRefusal? refusal)
    {
        var found = Tenant(tenant);
        var person = found.Directory.Find(user) ?? throw new KeyNotFoundException($"No user '{user}'.");
        found.Directory.Put(person with { MailboxRefusal = refusal });
    }

    /// <summary>Lets all delta tokens of a mailbox die.</summary>
    public void ForgetDeltaTokens(string tenant, string user) => Mailbox(tenant, user).ForgetDeltaTokens();

    /// <summary>A drive by its id, or somebody's OneDrive by the owner's id or name; by id also after the owner has left.</summary>
    public Drive Drive(string tenant, string driveOrUser)
    {
        var found = Tenant(tenant);
        var user = found.Directory.Find(driveOrUser)?.Id ?? (Guid.TryParse(driveOrUser, out var given) ? given : Guid.Empty);
        return found.Drives.Find(driveOrUser) ?? found.Drives.OfUser(user) ?? throw new KeyNotFoundException($"No drive of '{driveOrUser}'.");
    }

    /// <summary>The exact state of a drive at a moment (default: now).</summary>
    public DriveState DriveState(string tenant, string driveOrUser, DateTimeOffset? at = null) =>
        DriveTruth.Read(Drive(tenant, driveOrUser), at ?? world.Clock.GetUtcNow());

    public SimulatedTenant Tenant(string idOrDomain) =>
        world.TryFindTenant(idOrDomain, out var tenant) ? tenant : throw new KeyNotFoundException($"No tenant '{idOrDomain}'.");

    /// <summary>A mailbox by the owner's id or name; by id also after the owner has left.</summary>
    public Mailbox Mailbox(string tenant, string user)
    {
        var directory = Tenant(tenant).Directory;
        var id = directory.Find(user)?.Id ?? (Guid.TryParse(user, out var given) ? given : Guid.Empty);
        return directory.FindMailbox(id) ?? throw new KeyNotFoundException($"No mailbox of '{user}'.");
    }

    private static List<MailboxSummary> Mailboxes(SimulatedTenant tenant, bool expected) => [.. tenant.Directory.Users
        .Select(user => (User: user, Mailbox: tenant.Directory.FindMailbox(user.Id)))
        .Where(pair => pair.Mailbox is not null)
        .Select(pair => new MailboxSummary(pair.User.Id, pair.User.UserPrincipalName, pair.User.DisplayName, pair.User.Purpose,
            expected ? pair.Mailbox!.ExpectedMessages : pair.Mailbox!.CountMessages()))];

    private static MailFolder Folder(Mailbox mailbox, string folderId)
    {
        if (mailbox.TryWellKnown(folderId, out var wellKnown))
            return wellKnown;
        var id = Parse(folderId);
        return mailbox.FindFolder((int)id.Number) ?? throw new KeyNotFoundException("No such folder.");
    }

    private static MailMessage Message(Mailbox mailbox, string messageId)
    {
        var id = Parse(messageId);
        var version = id.Kind == ExchangeIdKind.ImmutableMessage ? mailbox.FindMessage(id.Number) : mailbox.FindMessageByMutable(id.Number);
        return version?.Message ?? throw new KeyNotFoundException("No such message.");
    }

    private static ExchangeId Parse(string id) => ExchangeId.TryParse(id, out var parsed) ? parsed.Value : throw new KeyNotFoundException("The id is not one of this service.");
}
