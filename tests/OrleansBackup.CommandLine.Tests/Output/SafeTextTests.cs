using OrleansBackup.CommandLine.Output;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Output;

/// <summary>Nothing that a stranger wrote moves the cursor, changes colours, or turns text round.</summary>
public sealed class SafeTextTests : CommandTest
{
    private const string Hostile = """\u001b]0;owned\u0007\u001b[2J[red]x[/] \u009b31m\u202egpj.exe\r\nnext\u2028""";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Süd 東京 👩‍💻", "Süd 東京 👩‍💻")]
    [InlineData("\u001b[31m", "\\u001b[31m")]
    [InlineData("a\r\nb\tc", "a\\u000d\\u000ab\\u0009c")]
    [InlineData("\u009b31m", "\\u009b31m")]
    [InlineData("\u202egpj", "\\u202egpj")]
    [InlineData("\u2066x\u2069", "\\u2066x\\u2069")]
    [InlineData("a\u2028b", "a\\u2028b")]
    [InlineData("[bold]x[/]", "[bold]x[/]")]
    [InlineData(null, "")]
    public void Text_is_shown_as_it_is_and_what_controls_a_terminal_as_it_is_written(string? text, string shown) => Assert.Equal(shown, SafeText.Of(text));

    [Fact]
    public void Half_a_character_is_shown_as_one_that_is_missing() => Assert.Equal("half \ufffd", SafeText.Of("half \ud800"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hostile_name_in_a_table_is_only_text(bool isTerminal)
    {
        (IsTerminal, Width) = (isTerminal, 200);
        Server.On("GET /api/v1/tenants", $$"""{"tenants":[{"id":"1","name":"{{Hostile}}"}]}""");

        var ran = await RunAsync("tenants", "list");

        Assert.Equal(ExitCode.Done, ran.Exit);
        Assert.Contains(@"\u001b]0;owned\u0007\u001b[2J[red]x[/] \u009b31m\u202egpj.exe\u000d\u000anext\u2028", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(ran.Out.Replace("\u001b[0m", "", StringComparison.Ordinal).Replace("\u001b[1m", "", StringComparison.Ordinal), c => char.IsControl(c) && c != '\n'); // bold headings are ours
        Assert.Equal(3, ran.Out.Split('\n').Length);
    }

    [Fact]
    public async Task Json_keeps_it_escaped()
    {
        Server.On("GET /api/v1/tenants", $$"""{"tenants":[{"id":"1","name":"{{Hostile}}"}]}""");

        var ran = await RunAsync("tenants", "list", "--json");

        Assert.DoesNotContain(ran.Out, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public async Task An_answer_that_is_no_text_at_all_is_told()
    {
        Server.On("GET /api/v1/tenants", """{"tenants":[{"id":"1","name":"\ud800"}]}""");

        Assert.Equal(ExitCode.Failed, (await RunAsync("tenants", "list")).Exit);
    }

    [Fact]
    public async Task A_problem_that_quotes_a_stranger_is_only_text()
    {
        Server.On("GET /api/v1/tenants", """{"title":"\u001b[2Jx","detail":"\u001b]0;y\u0007","traceId":"\u001bz"}""", 404);

        var ran = await RunAsync("tenants", "list");

        Assert.DoesNotContain(ran.Error, c => char.IsControl(c) && c != '\n');
    }
}
