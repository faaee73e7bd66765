using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>What a restore does: folders, messages, attachments, and the rules that make it hard.</summary>
public sealed class MailWriteTests : IAsyncLifetime
{
    private SimulatedGraph _graph = null!;

    public async Task InitializeAsync() => _graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 0 });

    public async Task DisposeAsync() => await _graph.DisposeAsync();

    private string User => $"/users/{_graph.User}";

    [Fact]
    public async Task A_sibling_of_the_same_name_is_refused()
    {
        var folder = new JsonObject { ["displayName"] = "Restored", ["isHidden"] = true };
        var (status, created) = await _graph.PostAsync($"{User}/mailFolders/inbox/childFolders", folder);
        Assert.Equal((HttpStatusCode.Created, true), (status, (bool)created!["isHidden"]!));
        var (again, error) = await _graph.PostAsync($"{User}/mailFolders/inbox/childFolders", folder);
        Assert.Equal((HttpStatusCode.Conflict, "ErrorFolderExists"), (again, (string)error!["error"]!["code"]!));
        Assert.Equal(HttpStatusCode.Created, (await _graph.PostAsync($"{User}/mailFolders", folder)).Status);
    }

    [Fact]
    public async Task A_message_without_the_flags_is_a_draft_and_its_plain_dates_are_ignored()
    {
        var (_, created) = await _graph.PostAsync($"{User}/mailFolders/inbox/messages", new JsonObject { ["subject"] = "x", ["receivedDateTime"] = "2020-01-01T00:00:00Z", ["isDraft"] = false });
        Assert.True((bool)created!["isDraft"]!);
        Assert.DoesNotContain("2020-01-01", (string)created["receivedDateTime"]!, StringComparison.Ordinal);
        // What the creating request did not set cannot be set later.
        var (_, patched) = await _graph.PostAsync($"{User}/messages/{created["id"]}", new JsonObject
        {
            ["subject"] = "y",
            ["singleValueExtendedProperties"] = new JsonArray(new JsonObject { ["id"] = "Integer 0x0E07", ["value"] = "4" }, new JsonObject { ["id"] = "SystemTime 0x0E06", ["value"] = "2020-01-01T00:00:00Z" }),
        }, HttpMethod.Patch);
        Assert.Equal((true, "y", (string)created["receivedDateTime"]!), ((bool)patched!["isDraft"]!, (string)patched["subject"]!, (string)patched["receivedDateTime"]!));
    }

    [Theory]
    [InlineData("4", null, false)]
    [InlineData("1", null, true)]
    [InlineData("4", true, true)]
    public async Task The_flags_without_unsent_make_a_message_that_is_no_draft(string flags, bool? isRead, bool shownRead)
    {
        var body = new JsonObject { ["subject"] = "x", ["singleValueExtendedProperties"] = new JsonArray(new JsonObject { ["id"] = "Integer 0x0E07", ["value"] = flags }) };
        if (isRead is not null)
            body["isRead"] = isRead;
        var (_, created) = await _graph.PostAsync($"{User}/mailFolders/inbox/messages", body);
        Assert.Equal((false, shownRead), ((bool)created!["isDraft"]!, (bool)created["isRead"]!));
        Assert.Equal((HttpStatusCode.BadRequest, "ErrorInvalidPropertySet"), Refusal(await _graph.PostAsync($"{User}/messages/{created["id"]}", new JsonObject { ["subject"] = "changed" }, HttpMethod.Patch)));
        Assert.Equal(HttpStatusCode.OK, (await _graph.PostAsync($"{User}/messages/{created["id"]}", new JsonObject { ["categories"] = new JsonArray("Red") }, HttpMethod.Patch)).Status);
    }

    [Fact]
    public async Task Mime_makes_a_draft_that_keeps_its_bytes()
    {
        using var content = new StringContent(Convert.ToBase64String(Samples.WithNestedMessage));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var response = await _graph.SendAsync(HttpMethod.Post, $"{User}/mailFolders/archive/messages", content);
        var created = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.Created, true), (response.StatusCode, (bool)created["isDraft"]!));
        Assert.Equal(Samples.WithNestedMessage, await _graph.BytesAsync($"{User}/messages/{created["id"]}/$value"));
        using var broken = new StringContent("no base64!");
        broken.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        Assert.Equal((HttpStatusCode.BadRequest, "ErrorMimeContentInvalidBase64String"), await _graph.RefusedAsync(HttpMethod.Post, $"{User}/messages", broken));
    }

    [Fact]
    public async Task Unknown_properties_and_headers_of_others_are_refused()
    {
        Assert.Equal((HttpStatusCode.BadRequest, "RequestBodyRead"), Refusal(await _graph.PostAsync($"{User}/messages", new JsonObject { ["colour"] = "red" })));
        Assert.Equal((HttpStatusCode.BadRequest, "RequestBodyRead"), Refusal(await _graph.PostAsync($"{User}/messages", new JsonObject { ["isRead"] = "perhaps" })));
        Assert.Equal((HttpStatusCode.BadRequest, "InvalidInternetMessageHeader"), Refusal(await _graph.PostAsync($"{User}/messages",
            new JsonObject { ["internetMessageHeaders"] = new JsonArray(new JsonObject { ["name"] = "Received", ["value"] = "x" }) })));
    }

    [Fact]
    public async Task A_deleted_message_lies_in_recoverable_items_and_a_permanently_deleted_one_nowhere()
    {
        var (_, soft) = await _graph.PostAsync($"{User}/messages", new JsonObject { ["subject"] = "soft" }, prefer: SimulatedGraph.Immutable);
        var (_, hard) = await _graph.PostAsync($"{User}/messages", new JsonObject { ["subject"] = "hard" }, prefer: SimulatedGraph.Immutable);
        Assert.Equal(HttpStatusCode.NoContent, (await _graph.RefusedAsync(HttpMethod.Delete, $"{User}/messages/{soft!["id"]}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await _graph.RefusedAsync(HttpMethod.Post, $"{User}/messages/{hard!["id"]}/permanentDelete")).Status);
        Assert.Equal("soft", (string)Assert.Single((await _graph.AllAsync($"{User}/mailFolders/recoverableitemsdeletions/messages")).Items)["subject"]!);
        Assert.Equal((HttpStatusCode.NotFound, "ErrorItemNotFound"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages/{hard["id"]}"));
    }

    [Fact]
    public async Task Attachments_are_added_one_by_one_and_show_in_the_mime()
    {
        var id = await DraftAsync();
        var (status, _) = await _graph.PostAsync($"{User}/messages/{id}/attachments", new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.fileAttachment",
            ["name"] = "plan.pdf",
            ["contentType"] = "application/pdf",
            ["contentBytes"] = Convert.ToBase64String("plan"u8),
        });
        Assert.Equal(HttpStatusCode.Created, status);
        var (itemStatus, _) = await _graph.PostAsync($"{User}/messages/{id}/attachments", new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.itemAttachment",
            ["name"] = "note",
            ["item"] = new JsonObject { ["@odata.type"] = "#microsoft.graph.message", ["subject"] = "inner note" },
        });
        Assert.Equal(HttpStatusCode.Created, itemStatus);
        var mime = Encoding.ASCII.GetString(await _graph.BytesAsync($"{User}/messages/{id}/$value"));
        Assert.Contains("plan.pdf", mime, StringComparison.Ordinal);
        Assert.Contains("Subject: inner note", mime, StringComparison.Ordinal);
        Assert.True((bool)(await _graph.GetAsync($"{User}/messages/{id}"))["hasAttachments"]!);
        Assert.Equal((HttpStatusCode.BadRequest, "ErrorItemPropertyRequestFailed"), Refusal(await _graph.PostAsync($"{User}/messages/{id}/attachments", new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.itemAttachment",
            ["name"] = "note",
            ["item"] = new JsonObject { ["@odata.type"] = "#microsoft.graph.message", ["isDraft"] = false },
        })));
    }

    [Fact]
    public async Task A_large_attachment_goes_up_in_order_block_by_block()
    {
        var id = await DraftAsync();
        var bytes = new byte[3_500_000];
        new Random(7).NextBytes(bytes);
        Assert.Equal((HttpStatusCode.BadRequest, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize"), Refusal(await SessionAsync(id, 1000)));
        var (status, session) = await SessionAsync(id, bytes.Length);
        Assert.Equal(HttpStatusCode.Created, status);
        var url = (string)session!["uploadUrl"]!;
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await PutAsync(url, bytes, 2_000_000, 3_500_000)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(url, bytes, 0, 2_000_000, total: 9)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PutAsync(url + "x", bytes, 0, 2_000_000)).Status);
        _graph.Host.World.Faults.Add(new Faults.Fault { Kind = Faults.FaultKind.Status, Status = 503, Path = "/upload/", Count = 1 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PutAsync(url, bytes, 0, 2_000_000)).Status);
        Assert.True(_graph.Host.World.Faults.AllPlayed);
        var (first, progress, _) = await PutAsync(url, bytes, 0, 2_000_000);
        Assert.Equal((HttpStatusCode.OK, "2000000"), (first, (string)progress!["NextExpectedRanges"]![0]!));
        var (last, _, location) = await PutAsync(url, bytes, 2_000_000, bytes.Length);
        Assert.Equal(HttpStatusCode.Created, last);
        Assert.Contains("/Attachments('", location, StringComparison.Ordinal);
        var list = (await _graph.GetAsync($"{User}/messages/{id}/attachments?$select=id"))["value"]!.AsArray();
        Assert.Equal(bytes, await _graph.BytesAsync($"{User}/messages/{id}/attachments/{list[0]!["id"]}/$value"));
    }

    [Fact]
    public async Task A_request_over_four_megabytes_is_refused()
    {
        using var content = SimulatedGraph.Json(new JsonObject { ["subject"] = new string('x', 4_300_000) });
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge"), await _graph.RefusedAsync(HttpMethod.Post, $"{User}/messages", content));
    }

    private async Task<string> DraftAsync() => (string)(await _graph.PostAsync($"{User}/messages", new JsonObject { ["subject"] = "draft" })).Body!["id"]!;

    private Task<(HttpStatusCode Status, JsonObject? Body)> SessionAsync(string id, int size) => _graph.PostAsync($"{User}/messages/{id}/attachments/createUploadSession",
        new JsonObject { ["AttachmentItem"] = new JsonObject { ["attachmentType"] = "file", ["name"] = "big.bin", ["size"] = size } });

    private async Task<(HttpStatusCode Status, JsonObject? Body, string? Location)> PutAsync(string url, byte[] bytes, int from, int to, int? total = null)
    {
        using var client = new HttpClient(_graph.Host.CreateHttpHandler());
        using var content = new ByteArrayContent(bytes, from, to - from);
        content.Headers.TryAddWithoutValidation("Content-Range", $"bytes {from}-{to - 1}/{total ?? bytes.Length}");
        using var response = await client.PutAsync(new Uri(url), content);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject(), response.Headers.Location?.ToString());
    }

    private static (HttpStatusCode, string) Refusal((HttpStatusCode Status, JsonObject? Body) answer) => (answer.Status, (string)answer.Body!["error"]!["code"]!);
}
