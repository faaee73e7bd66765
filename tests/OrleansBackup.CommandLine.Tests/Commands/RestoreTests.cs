using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Commands;

/// <summary>A restore asks for exactly what was typed.</summary>
public sealed class RestoreTests : CommandTest
{
    private const string Tenant = "275b7bce-b115-cc55-1168-43965f673560";
    private const string Restores = $"POST /api/v1/tenants/{Tenant}/restores";
    private static readonly string[] Start = ["restore", "start", Tenant, "--resource", "mailbox-1", "--point", "2026-03-02"];

    [Fact]
    public async Task Everything_to_where_it_was()
    {
        Server.On(Restores, """{"id":"j"}""", 202);

        Assert.Equal(ExitCode.Done, (await RunAsync([.. Start, "--everything"])).Exit);
        Assert.Equal("""{"resource":"mailbox-1","point":"2026-03-02","selection":{"everything":true},"conflict":"skip","permissions":false,"removeNewer":false}""", Server.Seen.Last().Body);
    }

    [Fact]
    public async Task Folders_by_path_and_items_from_a_search_to_another_place()
    {
        Server.On(Restores, """{"id":"j"}""", 202)
            .On($"GET /api/v1/tenants/{Tenant}/resources/mailbox-1/points/2026-03-02/folders", """{"folders":[{"id":"f1","path":["Inbox","Süd"]}]}""");
        Input = """
            {"event":"found","data":{"item":{"id":"i2"}}}
            {"event":"end","data":{"searched":1}}
            i3
            """;

        await RunAsync([.. Start, "--folder", "Inbox/Süd", "--item", "i1", "--selection", "-", "--conflict", "copy", "--to-resource", "mailbox-2", "--to-folder", "Back", "--to-folder", "Again"]);

        var body = JsonNode.Parse(Server.Seen.Last().Body)!;
        Assert.Equal("""{"folderIds":["f1"],"itemIds":["i1","i2","i3"]}""", body["selection"]!.ToJsonString());
        Assert.Equal("""{"resource":"mailbox-2","folder":["Back","Again"],"container":null}""", body["target"]!.ToJsonString());
        Assert.Equal("copy", body["conflict"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_selection_that_cannot_be_read_restores_nothing()
    {
        Input = "{broken";

        Assert.Equal(ExitCode.WrongCall, (await RunAsync([.. Start, "--selection", "-"])).Exit);
        Assert.Empty(Server.Seen);
    }
}
