using System.Text.Json;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Simulated;

public sealed class ReadingTests
{
    [Fact]
    public async Task A_tenant_shows_its_name_users_permissions_and_kinds_of_mailbox()
    {
        await using var tenant = await SimulatedTenant.StartAsync(new TenantRecipe { Users = 2, SharedMailboxes = 1, Rooms = 1, Guests = 1, UnlicensedUsers = 1, MessagesPerMailbox = 1 });

        var organization = await tenant.Directory.ReadOrganizationAsync(CancellationToken.None);
        var users = new List<DirectoryUser>();
        await foreach (var user in tenant.Directory.ListUsersAsync(CancellationToken.None)) users.Add(user);
        var probes = await tenant.Directory.ProbeMailboxesAsync([.. users.Select(u => u.Id)], CancellationToken.None);
        var permissions = await tenant.Directory.CheckPermissionsAsync(CancellationToken.None);

        Assert.Equal(tenant.Tenant, organization.TenantId);
        Assert.Equal(["contoso.example"], organization.VerifiedDomains.AsEnumerable());
        Assert.Equal(6, users.Count);
        Assert.Equal(tenant.Created.Mailboxes.Select(m => m.UserId.ToString()).Order(), probes.Where(p => p.Presence == MailboxPresence.HasMailbox).Select(p => p.UserId).Order());
        Assert.Equal(1, probes.Count(p => p.Purpose == MailboxPurpose.Shared));
        Assert.Equal(1, probes.Count(p => p.Purpose == MailboxPurpose.Room));
        Assert.True(permissions is { CanBackUp: true, CanRestore: true });
        Assert.Equal(["MailboxItem.ImportExport.All"], permissions.Missing.AsEnumerable()); // who wants it says so
    }

    [Fact]
    public async Task A_missing_permission_is_found_and_named()
    {
        await using var tenant = await SimulatedTenant.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 1, Permissions = ["User.Read.All", "Mail.Read"] });

        var report = await tenant.Directory.CheckPermissionsAsync(CancellationToken.None);

        Assert.Equal(["MailboxSettings.Read", "Mail.ReadWrite", "Calendars.Read"], report.Missing.Take(3));
        Assert.Contains("Teamwork.Migrate.All", report.Missing);
        Assert.Equal(["MailboxSettings.Read"], report.Findings.Where(finding => finding is { NeededForBackup: true, State: PermissionState.Missing }).Select(finding => finding.Name));
        Assert.False(report.CanRestore);
    }

    [Fact]
    public async Task Every_byte_and_property_of_a_mailbox_is_read_as_it_is()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var reader = tenant.Reader();

        var found = await SimulatedTenant.ReadAllAsync(reader);

        await AssertAllReadAsync(tenant, reader, found);
    }

    [Theory]
    [InlineData(FaultKind.CutBody)]
    [InlineData(FaultKind.WrongLength)]
    [InlineData(FaultKind.CorruptJson)]
    [InlineData(FaultKind.ErrorInBody)]
    [InlineData(FaultKind.ControlCharacters)]
    [InlineData(FaultKind.EmptyPage)]
    [InlineData(FaultKind.RepeatedItems)]
    [InlineData(FaultKind.OutOfOrder)]
    [InlineData(FaultKind.EmptyBody)]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.LostReply)]
    public async Task Whatever_goes_wrong_now_and_then_nothing_is_missing_in_the_end(FaultKind kind)
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var reader = tenant.Reader(new MailReadOptions { IncludeHiddenFolders = true, PageSize = 7 });
        tenant.Order(new Fault { Kind = kind, Probability = 0.3, Seed = 5, Count = 40, Mailbox = tenant.FirstUser });

        var found = await SimulatedTenant.ReadAllAsync(reader);

        Assert.Equal(tenant.Truth().Select(m => m.Id).Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.True(tenant.Host.World.Faults.View().Single().Played > 0, "The fault was never played.");
    }

    [Fact]
    public async Task A_token_that_is_revoked_in_the_middle_is_renewed_and_nothing_is_missing()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        for (var skip = 3; skip < 12; skip += 3) tenant.Order(new Fault { Kind = FaultKind.TokenRevoked, Skip = skip, Count = 1, Path = "messages/delta" });

        var found = await SimulatedTenant.ReadAllAsync(tenant.Reader(new MailReadOptions { IncludeHiddenFolders = true, PageSize = 7 }));

        Assert.Equal(tenant.Truth().Select(m => m.Id).Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.True(tenant.Host.World.Faults.AllPlayed);
    }

    [Fact]
    public async Task Row_1_a_looping_delta_is_left_and_nothing_is_missing()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        tenant.Order(new Fault { Kind = FaultKind.LoopingDelta, Path = "messages/delta" });

        var found = await SimulatedTenant.ReadAllAsync(tenant.Reader());

        Assert.Equal(tenant.Truth().Select(m => m.Id).Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Row_9_a_broken_message_costs_only_itself()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var bad = tenant.Truth()[11];
        tenant.Order(new Fault { Kind = FaultKind.BrokenItem, ItemId = bad.Id });
        var unlisted = new List<MessageUnlisted>();
        var found = new HashSet<string>();
        var reader = tenant.Reader();

        foreach (var folder in (await reader.ReadFoldersAsync(null, CancellationToken.None)).Changed)
        {
            await foreach (var page in reader.ReadMessagesAsync(folder.Id, null, CancellationToken.None))
            {
                unlisted.AddRange(page.Changes.OfType<MessageUnlisted>());
                found.UnionWith(page.Changes.OfType<MessageListed>().Select(c => c.Message.Id));
            }
        }

        Assert.Single(unlisted);
        Assert.Equal(tenant.Truth().Select(m => m.Id).Where(id => id != bad.Id).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Row_11_a_broken_attachment_costs_only_itself()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var holder = tenant.Truth().First(m => m.Attachments.Count > 0);
        tenant.Order(new Fault { Kind = FaultKind.BrokenAttachment, ItemId = holder.Id, AttachmentId = holder.Attachments[0].Id });
        var reader = tenant.Reader();
        var summary = (await SimulatedTenant.ReadAllAsync(reader))[holder.Id];

        await using var fetched = await reader.FetchAsync(summary, CancellationToken.None);

        Assert.NotNull(fetched.Mime);
        Assert.False(fetched.IsComplete);
        Assert.Equal("ErrorCannotOpenFileAttachment", fetched.Attachments.Single(a => a.Id == holder.Attachments[0].Id).Failure);
        Assert.All(fetched.Attachments.Where(a => a.Id != holder.Attachments[0].Id), a => Assert.NotNull(a.Content));
    }

    [Fact]
    public async Task Days_of_life_read_by_delta_give_the_same_as_the_truth()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var reader = tenant.Reader();
        var links = new Dictionary<string, string>();
        var known = new Dictionary<string, MessageSummary>();
        string? folderLink = null;
        for (var day = 0; day < 6; day++)
        {
            var round = await reader.ReadFoldersAsync(folderLink, CancellationToken.None);
            folderLink = round.DeltaLink;
            foreach (var gone in round.Removed)
            {
                links.Remove(gone);
                foreach (var id in known.Values.Where(m => m.FolderId == gone).Select(m => m.Id).ToList()) known.Remove(id);
            }

            foreach (var folder in round.Changed) links.TryAdd(folder.Id, "");
            // Removals first: a move is one removal and one listing, in folders that are read in any order.
            var changes = new List<MessageChange>();
            foreach (var folder in links.Keys.ToList())
            {
                await foreach (var page in reader.ReadMessagesAsync(folder, links[folder], CancellationToken.None))
                {
                    changes.AddRange(page.Changes);
                    links[folder] = page.Link;
                }
            }

            foreach (var removed in changes.OfType<MessageRemoved>()) known.Remove(removed.Id);
            foreach (var listed in changes.OfType<MessageListed>()) known[listed.Message.Id] = listed.Message;

            var truth = tenant.Truth();
            Assert.Equal(truth.Select(m => m.Id).Order(StringComparer.Ordinal), known.Keys.Order(StringComparer.Ordinal));
            Assert.All(truth, m => Assert.Equal((m.Properties.GetProperty("changeKey").GetString(), m.FolderId), (known[m.Id].ChangeKey, known[m.Id].FolderId)));
            tenant.Host.Admin.PlayLife(tenant.Tenant, new LifeRecipe(Days: 1, Seed: (ulong)day + 1, Intensity: 12));
        }
    }

    [Fact]
    public async Task However_many_ask_at_once_a_mailbox_is_never_asked_more_than_it_grants()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var reader = tenant.Reader();
        var messages = await SimulatedTenant.ReadAllAsync(reader);
        var ids = messages.Keys.ToList();

        await Task.WhenAll(messages.Values.Select(async m => await (await reader.FetchAsync(m, CancellationToken.None)).DisposeAsync())
            .Concat(Enumerable.Range(0, 3).Select(async _ => { await tenant.Writer().FindByIdAsync(ids, CancellationToken.None); })));

        Assert.Equal(0, tenant.Client.Statistics.Throttles);
    }

    [Fact]
    public async Task The_independent_listing_knows_the_same_messages_as_the_delta()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var reader = tenant.Reader(new MailReadOptions { IncludeHiddenFolders = true, ListingPageSize = 5 });
        var listed = new List<string>();

        foreach (var folder in (await reader.ReadFoldersAsync(null, CancellationToken.None)).Changed)
        {
            await foreach (var id in reader.ListMessageIdsAsync(folder.Id, CancellationToken.None)) listed.Add(id);
        }

        Assert.Equal(tenant.Truth().Select(m => m.Id).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wrong_secret_closes_the_tenant()
    {
        await using var tenant = await SimulatedTenant.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 1 });
        using var stranger = tenant.Stranger("not-the-secret");

        var error = await Assert.ThrowsAsync<TenantAccessException>(() => new DirectoryReader(stranger).ReadOrganizationAsync(CancellationToken.None));

        Assert.Equal(TenantAccessProblem.Credential, error.Problem);
    }

    private static async Task AssertAllReadAsync(SimulatedTenant tenant, MailboxReader reader, Dictionary<string, MessageSummary> found)
    {
        var truth = tenant.Truth();
        Assert.Equal(truth.Select(m => m.Id).Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.Contains(truth, m => m.Attachments.Count > 0);
        foreach (var expected in truth)
        {
            await using var fetched = await reader.FetchAsync(found[expected.Id], CancellationToken.None);
            Assert.True(fetched.IsComplete, string.Join(' ', fetched.Warnings));
            Assert.Equal(expected.MimeSha256, await SimulatedTenant.HashAsync(fetched.Mime!));
            AssertSameProperties(expected, found[expected.Id].Json);
            foreach (var (attachment, content) in expected.Attachments.Zip(fetched.Attachments))
            {
                Assert.Equal((attachment.Name, attachment.IsInline, attachment.Sha256), (content.Name, content.IsInline, await SimulatedTenant.HashAsync(content.Content!)));
            }
        }
    }

    private static void AssertSameProperties(StateMessage expected, ReadOnlyMemory<byte> json)
    {
        using var read = JsonDocument.Parse(json);
        foreach (var name in MessageSummary.Select.Split(','))
        {
            var isThere = expected.Properties.TryGetProperty(name, out var truth);
            Assert.True(isThere == read.RootElement.TryGetProperty(name, out var value) && (!isThere || JsonElement.DeepEquals(truth, value)), $"{name}: {truth} was read as {value}");
        }
    }
}
