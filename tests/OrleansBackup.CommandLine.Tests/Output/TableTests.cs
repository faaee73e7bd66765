using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Output;

/// <summary>Tables fit where they are read, times are the reader's, and programs get the API's own words.</summary>
public sealed class TableTests : CommandTest
{
    private const string Tenant = "275b7bce-b115-cc55-1168-43965f673560";
    private static readonly string Resources = $$$"""
        {"resources":[{"id":"site-contoso.sharepoint.example,a281b56d-6cbd-7647-1ddc-77ae63e521f6","displayName":"{{{new string('w', 90)}}} and more words","address":"https://contoso.sharepoint.example/sites/team1","kind":"site",
        "protected":true,"health":{"lastOutcome":"failed","lastGoodStart":"2026-03-03T20:30:18.5338346+00:00","restorePoints":1234,"logicalBytes":1793849}}],"next":null}
        """;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Server.On($"GET /api/v1/tenants/{Tenant}/resources", Resources);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(132)]
    public async Task A_table_fits_the_width_of_the_terminal(int width)
    {
        (IsTerminal, Width, Variables["NO_COLOR"]) = (true, width, "1");

        var ran = await RunAsync("resources", "list", Tenant);

        Assert.All(ran.Out.Split('\n'), line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public async Task A_file_gets_a_row_a_line_however_long()
    {
        var ran = await RunAsync("resources", "list", Tenant);

        Assert.Equal(2, ran.Out.TrimEnd('\n').Split('\n').Length);
    }

    [Theory]
    [InlineData(true, "", true)]
    [InlineData(true, "1", false)]
    [InlineData(false, "", false)]
    public async Task Colours_are_for_terminals_whose_owner_wants_them(bool isTerminal, string noColour, bool coloured)
    {
        (IsTerminal, Variables["NO_COLOR"]) = (isTerminal, noColour);

        Assert.Equal(coloured, (await RunAsync("resources", "list", Tenant)).Out.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Times_are_local_with_their_zone_for_people_and_iso_in_json()
    {
        Assert.Contains("2026-03-03 21:30 +01:00", (await RunAsync("resources", "list", Tenant)).Out, StringComparison.Ordinal);
        Assert.Contains("\"2026-03-03T20:30:18.5338346+00:00\"", (await RunAsync("resources", "list", Tenant, "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_days_side_by_side_show_what_is_and_what_was()
    {
        Server.On($"GET /api/v1/tenants/{Tenant}/resources/mailbox-1/points/1/compare/latest", """
            {"changes":[{"id":"i1","change":"changed","differences":["moved","renamed"],"before":{"kind":"file","subject":"old"},"after":{"kind":"file","subject":"new"}},
            {"id":"i2","change":"removed","differences":[],"before":{"kind":"message","subject":"lost"},"after":null}],"next":null}
            """);

        Assert.Equal("""
            CHANGE   IN              KIND     NAME OR SUBJECT  ID
            changed  moved, renamed  file     new              i1
            removed                  message  lost             i2

            """.ReplaceLineEndings("\n"), (await RunAsync("points", "compare", Tenant, "mailbox-1", "1", "latest")).Out);
    }

    [Fact]
    public async Task An_answer_with_less_in_it_is_shown_all_the_same()
    {
        Server.On("GET /api/v1/checks/2026-03-02", "{}").On("GET /api/v1/due", "[]");

        Assert.Equal(ExitCode.Done, (await RunAsync("check", "show", "2026-03-02")).Exit);
        Assert.Equal(ExitCode.Done, (await RunAsync("due")).Exit);
    }
}
