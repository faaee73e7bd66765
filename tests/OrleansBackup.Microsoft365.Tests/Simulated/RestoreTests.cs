using System.Text.Json;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Simulated;

public sealed class RestoreTests
{
    private static readonly string[] Kept =
    [
        "subject", "body", "importance", "categories", "isRead", "isDraft", "internetMessageId", "receivedDateTime", "sentDateTime", "from", "sender",
        "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "flag", "hasAttachments", "inferenceClassification",
    ];

    [Fact]
    public async Task A_whole_mailbox_comes_back_as_it_was()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var before = tenant.Truth();
        var stored = await StoreAllAsync(tenant);
        tenant.Host.Admin.Empty(tenant.Tenant, tenant.FirstUser);
        var writer = tenant.Writer();
        var target = await writer.EnsureFolderAsync("msgfolderroot", "Restored", hidden: false, CancellationToken.None);

        foreach (var original in before)
        {
            var restored = await writer.CreateAsync(target.Id, stored[original.Id], $"job/{original.Id}", CancellationToken.None);

            var now = tenant.Truth().Single(m => m.Id == restored.Id);
            foreach (var name in Kept) AssertSame(original, now, name);
            Assert.Equal(original.Attachments.Select(Shape).Order(), now.Attachments.Select(Shape).Order());
        }

        static (string, bool, string?, string, string) Shape(StateAttachment a) => (a.Name, a.IsInline, a.ContentId, a.Kind, a.Kind == "item" ? "" : a.Sha256);
    }

    [Fact]
    public async Task A_restored_message_is_found_by_its_marker_and_by_what_it_is()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var original = tenant.Truth().First(m => m.Attachments.Count > 0);
        var stored = (await StoreAllAsync(tenant))[original.Id];
        var writer = tenant.Writer();
        var target = await writer.EnsureFolderAsync("msgfolderroot", "Restored", hidden: false, CancellationToken.None);
        var restored = await writer.CreateAsync(target.Id, stored, "it's job 1/item 2", CancellationToken.None);

        Assert.Equal(restored.Id, (await writer.FindByMarkerAsync(target.Id, "it's job 1/item 2", CancellationToken.None))?.Id);
        Assert.Null(await writer.FindByMarkerAsync(target.Id, "job 1/item 3", CancellationToken.None));
        var summary = MessageSummary.Parse(stored.Json);
        Assert.Equal(restored.Id, (await writer.FindSameAsync(target.Id, summary.InternetMessageId!, summary.Received, CancellationToken.None))?.Id);
        Assert.Null(await writer.FindSameAsync(target.Id, summary.InternetMessageId!, summary.Received!.Value.AddMinutes(1), CancellationToken.None));
    }

    [Fact]
    public async Task Existing_messages_are_found_by_id_in_batches()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var truth = tenant.Truth();
        tenant.Host.Admin.DeleteMessage(tenant.Tenant, tenant.FirstUser, truth[3].Id, hard: true);

        var found = await tenant.Writer().FindByIdAsync([.. truth.Select(m => m.Id), "AAMknonsense"], CancellationToken.None);

        Assert.Equal(truth.Select(m => m.Id).Where(id => id != truth[3].Id).Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(truth.Where(m => m.Id != truth[3].Id), m => Assert.Equal(m.FolderId, found[m.Id].FolderId));
        Assert.True(tenant.Client.Statistics.Requests >= truth.Count); // each part counts
    }

    [Theory]
    [InlineData("/messages$")]
    [InlineData("/attachments")]
    public async Task A_reply_that_is_lost_after_something_was_made_makes_no_second_one(string path)
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var original = tenant.Truth().First(m => m.Attachments.Count > 0);
        var stored = (await StoreAllAsync(tenant))[original.Id];
        var writer = tenant.Writer();
        var target = await writer.EnsureFolderAsync("msgfolderroot", "Restored", hidden: false, CancellationToken.None);
        tenant.Order(new Fault { Kind = FaultKind.LostReply, Method = "POST", Path = path, Count = 1 });

        var restored = await writer.CreateAsync(target.Id, stored, "job/1", CancellationToken.None);

        var there = tenant.Truth().Where(m => m.FolderId == target.Id).ToList();
        Assert.Equal(restored.Id, Assert.Single(there).Id);
        Assert.Equal(original.Attachments.Count, there[0].Attachments.Count);
        Assert.True(tenant.Host.World.Faults.AllPlayed);
    }

    [Fact]
    public async Task A_failure_half_way_leaves_nothing_behind()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var original = tenant.Truth().First(m => m.Attachments.Count > 0);
        var stored = (await StoreAllAsync(tenant))[original.Id];
        var writer = tenant.Writer();
        var target = await writer.EnsureFolderAsync("msgfolderroot", "Restored", hidden: false, CancellationToken.None);
        tenant.Order(new Fault { Kind = FaultKind.Status, Status = 503, Code = "serviceNotAvailable", Method = "POST", Path = "/attachments" });

        await Assert.ThrowsAsync<GraphTransientException>(() => writer.CreateAsync(target.Id, stored, "job/1", CancellationToken.None));

        Assert.Empty(IdsIn(tenant, target));
    }

    [Fact]
    public async Task A_message_whose_writer_was_killed_half_way_is_not_taken_for_restored()
    {
        await using var tenant = await SimulatedTenant.StartAsync();
        var original = tenant.Truth().First(m => m.Attachments.Count > 0);
        var stored = (await StoreAllAsync(tenant))[original.Id];
        var writer = tenant.Writer();
        var target = await writer.EnsureFolderAsync("msgfolderroot", "Restored", hidden: false, CancellationToken.None);
        // Attachments fail and so does the clean-up: what a killed process leaves.
        tenant.Order(new Fault { Kind = FaultKind.Status, Status = 503, Code = "serviceNotAvailable", Method = "POST", Path = "/attachments" });
        tenant.Order(new Fault { Kind = FaultKind.Status, Status = 503, Code = "serviceNotAvailable", Method = "DELETE" });
        await Assert.ThrowsAsync<GraphTransientException>(() => tenant.Writer(new MailWriteOptions { MaxCreateAttempts = 1 }).CreateAsync(target.Id, stored, "job/1", CancellationToken.None));
        Assert.Single(IdsIn(tenant, target));
        tenant.Host.World.Faults.Clear();

        Assert.Null(await writer.FindByMarkerAsync(target.Id, "job/1", CancellationToken.None));
        await writer.CreateAsync(target.Id, stored, "job/1", CancellationToken.None);

        Assert.Equal(original.Attachments.Count, Assert.Single(tenant.Truth(), m => m.FolderId == target.Id).Attachments.Count);
    }

    [Fact]
    public async Task A_folder_is_made_once_whoever_asks_and_siblings_may_differ_in_case_only_for_us()
    {
        await using var tenant = await SimulatedTenant.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 1 });
        var writer = tenant.Writer();

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => writer.EnsureFolderAsync("inbox", "Projects", hidden: false, CancellationToken.None)));
        var other = await writer.EnsureFolderAsync("inbox", "projects", hidden: false, CancellationToken.None);
        var nameless = await writer.EnsureFolderAsync("inbox", " \u0001", hidden: false, CancellationToken.None);

        Assert.Single(made.Select(f => f.Id).Append(other.Id).Distinct());
        Assert.Equal("Unnamed folder", nameless.DisplayName);
        await Assert.ThrowsAsync<FolderGoneException>(() => writer.EnsureFolderAsync("AAMknothing", "x", hidden: false, CancellationToken.None));
    }

    [Fact]
    public async Task A_large_attachment_goes_up_in_pieces_and_arrives_whole()
    {
        await using var tenant = await SimulatedTenant.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 1 });
        var bytes = new byte[7_000_001];
        new Random(3).NextBytes(bytes);
        var writer = tenant.Writer(new MailWriteOptions { UploadPieceBytes = 1_966_080 });
        var message = new StoredMessage("""{"id":"x","subject":"large","body":{"contentType":"text","content":"t"},"isDraft":false,"isRead":true}"""u8.ToArray(), OpenMime: null,
            [new StoredAttachment("""{"@odata.type":"#microsoft.graph.fileAttachment","name":"large.bin","contentType":"application/octet-stream","isInline":false}"""u8.ToArray(), _ => Task.FromResult<Stream>(new MemoryStream(bytes)), bytes.Length)]);

        var restored = await writer.CreateAsync("inbox", message, "job/1", CancellationToken.None);

        Assert.Empty(restored.Losses);
        var attachment = Assert.Single(tenant.Truth().Single(m => m.Id == restored.Id).Attachments);
        Assert.Equal((bytes.Length, await SimulatedTenant.HashAsync(new MemoryStream(bytes))), ((int)attachment.Length, attachment.Sha256));
    }

    private static async Task<Dictionary<string, StoredMessage>> StoreAllAsync(SimulatedTenant tenant)
    {
        var reader = tenant.Reader();
        var stored = new Dictionary<string, StoredMessage>();
        foreach (var (id, summary) in await SimulatedTenant.ReadAllAsync(reader))
        {
            await using var fetched = await reader.FetchAsync(summary, CancellationToken.None);
            var mime = await BytesAsync(fetched.Mime);
            var attachments = new List<StoredAttachment>();
            foreach (var attachment in fetched.Attachments)
            {
                var content = await BytesAsync(attachment.Content);
                attachments.Add(new StoredAttachment(attachment.Json, content is null ? null : _ => Task.FromResult<Stream>(new MemoryStream(content)), content?.Length ?? 0));
            }

            stored[id] = new StoredMessage(summary.Json, mime is null ? null : _ => Task.FromResult<Stream>(new MemoryStream(mime)), [.. attachments]);
        }

        return stored;
    }

    private static IEnumerable<string> IdsIn(SimulatedTenant tenant, MailFolder folder) => tenant.Truth().Where(m => m.FolderId == folder.Id).Select(m => m.Id);

    private static async Task<byte[]?> BytesAsync(Stream? stream)
    {
        if (stream is null) return null;
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static void AssertSame(StateMessage before, StateMessage after, string property)
    {
        var (old, now) = (before.Properties.GetProperty(property), after.Properties.GetProperty(property));
        Assert.True(JsonElement.DeepEquals(old, now), $"{property} was {old.GetRawText()} and is {now.GetRawText()}.");
    }
}
