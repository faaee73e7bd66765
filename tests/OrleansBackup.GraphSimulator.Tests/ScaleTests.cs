using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>Large mailboxes are made when asked for, not held.</summary>
public sealed class ScaleTests
{
    private const int Messages = 100_000;

    [Fact]
    public async Task A_mailbox_of_a_hundred_thousand_messages_is_listed_whole_and_holds_no_content()
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = Messages }, new GraphSimulatorOptions { Limits = new LimitSettings { Enabled = false } });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var mailbox = graph.Admin.Mailbox(graph.TenantName, graph.User);
        Assert.Equal(Messages, mailbox.CountMessages());
        var bytesPerMessage = (GC.GetTotalMemory(forceFullCollection: true) - before) / Messages;
        Assert.InRange(bytesPerMessage, 0, 1024); // the messages' own size is tens of kilobytes on average
        var found = 0;
        foreach (var folder in (await graph.AllAsync($"/users/{graph.User}/mailFolders/delta", "odata.maxpagesize=100")).Items)
        {
            var (items, _) = await graph.AllAsync($"/users/{graph.User}/mailFolders/{folder["id"]}/messages/delta?$select=id,changeKey", $"odata.maxpagesize=1000, {SimulatedGraph.Immutable}");
            found += items.Select(item => (string)item["id"]!).Distinct().Count();
        }
        Assert.Equal(Messages, found);
    }

    [Fact]
    public async Task Equal_seeds_make_equal_mail()
    {
        var recipe = new TenantRecipe { Users = 1, MessagesPerMailbox = 30, Seed = 42 };
        var time = new ManualTime();
        await using var one = await SimulatedGraph.StartAsync(recipe, new GraphSimulatorOptions { Time = time });
        await using var other = await SimulatedGraph.StartAsync(recipe, new GraphSimulatorOptions { Time = time });
        Assert.Equal(Hashes(one), Hashes(other));
        one.Admin.PlayLife(one.TenantName, new Admin.LifeRecipe(3, 7));
        other.Admin.PlayLife(other.TenantName, new Admin.LifeRecipe(3, 7));
        Assert.Equal(Hashes(one), Hashes(other));

        static IEnumerable<string> Hashes(SimulatedGraph graph) => graph.Admin.State(graph.TenantName, graph.User).Messages.Select(message => $"{message.Id} {message.MimeSha256} {message.Properties.GetRawText()}");
    }

    [Fact]
    public async Task Some_files_are_in_many_messages_and_mailboxes()
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 2, MessagesPerMailbox = 300 });
        var holders = graph.Tenant.Mailboxes.SelectMany(mailbox => graph.Admin.State(graph.TenantName, mailbox.UserId.ToString()).Messages
            .SelectMany(message => message.Attachments.Select(attachment => (attachment.Sha256, mailbox.UserId)))).ToLookup(pair => pair.Sha256, pair => pair.UserId);
        Assert.Contains(holders, holder => holder.Distinct().Count() == 2);
    }
}
