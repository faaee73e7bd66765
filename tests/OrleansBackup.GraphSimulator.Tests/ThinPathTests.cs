using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>The shortest way from sign-in to the bytes of a message.</summary>
public sealed class ThinPathTests
{
    [Fact]
    public async Task A_signed_in_client_reads_users_folders_messages_and_mime()
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 2, SharedMailboxes = 1, Guests = 1, MessagesPerMailbox = 40 });
        var (users, _) = await graph.AllAsync("/users?$select=id,userPrincipalName,userType");
        Assert.Equal(4, users.Count);
        var (folders, _) = await graph.AllAsync($"/users/{graph.User}/mailFolders/delta?$select=displayName,parentFolderId,isHidden");
        var read = 0;
        foreach (var folder in folders)
        {
            var (messages, deltaLink) = await graph.AllAsync($"/users/{graph.User}/mailFolders/{folder["id"]}/messages/delta?$select=id,changeKey,isRead", $"odata.maxpagesize=3, {SimulatedGraph.Immutable}");
            Assert.NotNull(deltaLink);
            foreach (var message in messages)
            {
                var mime = await graph.BytesAsync($"/users/{graph.User}/messages/{message["id"]}/$value");
                Assert.Equal(graph.Admin.Mime(graph.TenantName, graph.User, (string)message["id"]!).ToArray(), mime);
                read++;
            }
        }
        Assert.Equal(40, read);
    }

    [Fact]
    public async Task Real_mail_comes_back_byte_for_byte()
    {
        var folder = Directory.CreateTempSubdirectory("simulated-mail");
        try
        {
            var bytes = "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nFrom: a@b\n\nhello\0\xff"u8.ToArray();
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "one.eml"), bytes);
            await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 0, MailDirectory = folder.FullName });
            var (messages, _) = await graph.AllAsync($"/users/{graph.User}/mailFolders/inbox/messages");
            Assert.Equal("Grüße", (string)Assert.Single(messages)["subject"]!);
            Assert.Equal(bytes, await graph.BytesAsync($"/users/{graph.User}/messages/{messages[0]["id"]}/$value"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_message_restored_as_json_keeps_its_dates_and_is_no_draft()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        var (status, created) = await graph.PostAsync($"/users/{graph.User}/mailFolders/inbox/messages", new JsonObject
        {
            ["subject"] = "restored",
            ["isRead"] = true,
            ["singleValueExtendedProperties"] = new JsonArray(
                new JsonObject { ["id"] = "Integer 0x0E07", ["value"] = "4" },
                new JsonObject { ["id"] = "SystemTime 0x0039", ["value"] = "2024-05-06T07:08:09Z" },
                new JsonObject { ["id"] = "SystemTime 0x0E06", ["value"] = "2024-05-06T07:08:11Z" }),
        });
        Assert.Equal(System.Net.HttpStatusCode.Created, status);
        var message = await graph.GetAsync($"/users/{graph.User}/messages/{created!["id"]}");
        Assert.False((bool)message["isDraft"]!);
        Assert.Equal("2024-05-06T07:08:11Z", (string)message["receivedDateTime"]!);
        Assert.Equal("2024-05-06T07:08:09Z", (string)message["sentDateTime"]!);
    }
}
