using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.Tests.Given;
using Xunit.Abstractions;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>Real mail, however broken, goes in and comes out unchanged.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_real_message_loads_and_comes_back_byte_for_byte()
    {
        if (SharedFiles.Corpus is not { } corpus)
        {
            output.WriteLine("Left out: no corpus of real mail (ORLEANSBACKUP_CORPUS).");
            return;
        }
        var directory = Path.Combine(corpus, "mail");
        var files = EmlFolder.List(directory);
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 3, SharedMailboxes = 1, MessagesPerMailbox = 0, MailDirectory = directory },
            new GraphSimulatorOptions { Limits = new LimitSettings { Enabled = false } });
        var expected = files.Select(file => Convert.ToBase64String(File.ReadAllBytes(file.File))).ToList();
        var found = new List<string>();
        foreach (var user in graph.Tenant.Mailboxes.Select(mailbox => mailbox.UserId))
        {
            var (folders, _) = await graph.AllAsync($"/users/{user}/mailFolders/delta", "odata.maxpagesize=100");
            foreach (var folder in folders)
            {
                var (messages, _) = await graph.AllAsync($"/users/{user}/mailFolders/{folder["id"]}/messages/delta?$select=subject,body,from,toRecipients,internetMessageHeaders,hasAttachments", "odata.maxpagesize=200");
                foreach (var message in messages)
                {
                    found.Add(Convert.ToBase64String(await graph.BytesAsync($"/users/{user}/messages/{message["id"]}/$value")));
                    var attachments = await graph.GetAsync($"/users/{user}/messages/{message["id"]}/attachments?$select=id,name");
                    foreach (var attachment in attachments["value"]!.AsArray())
                        await graph.GetAsync($"/users/{user}/messages/{message["id"]}/attachments/{attachment!["id"]}?$expand=microsoft.graph.itemattachment/item");
                }
            }
        }
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        output.WriteLine($"{found.Count} messages.");
    }
}
