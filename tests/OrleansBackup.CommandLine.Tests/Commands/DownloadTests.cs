using Microsoft.AspNetCore.Http;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Commands;

/// <summary>A file that is there is whole, was asked for, and lies where it was asked for.</summary>
public sealed class DownloadTests : CommandTest
{
    private const string Tenant = "275b7bce-b115-cc55-1168-43965f673560";
    private const string Report = $"GET /api/v1/tenants/{Tenant}/reports/2026-03.html";

    private Task<Ran> SaveAsync(params string[] more) => RunAsync(["report", "month", Tenant, "2026-03", .. more]);

    private string Target => Path.Combine(Folder, "report.html");

    [Fact]
    public async Task It_is_saved_where_it_was_asked_for()
    {
        Server.On(Report, "<html>");

        Assert.Equal(ExitCode.Done, (await SaveAsync("--to", Target)).Exit);
        Assert.Equal("<html>", await File.ReadAllTextAsync(Target));
        Assert.Equal("?language=nl", Server.Seen.Single().Query);
    }

    [Fact]
    public async Task A_transfer_that_broke_off_leaves_nothing()
    {
        Server.On(Report, async context =>
        {
            context.Response.ContentLength = 1_000_000;
            await context.Response.WriteAsync("half of it"); // the rest never comes: the server closes the connection
        });

        var ran = await SaveAsync("--to", Target);

        Assert.Equal(ExitCode.Failed, ran.Exit);
        Assert.Contains("broke off", ran.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_file_that_is_there_stays_unless_forced()
    {
        Server.On(Report, "new");
        await File.WriteAllTextAsync(Target, "old");

        Assert.Equal(ExitCode.Conflict, (await SaveAsync("--to", Target)).Exit);
        Assert.Equal("old", await File.ReadAllTextAsync(Target));
        Assert.Equal(ExitCode.Done, (await SaveAsync("--to", Target, "--force")).Exit);
        Assert.Equal("new", await File.ReadAllTextAsync(Target));
    }

    [Theory]
    [InlineData("attachment; filename=\"../../evil.html\"", "_.._evil.html")]
    [InlineData("attachment; filename=\"C:\\\\x|y.html\"", "C___x_y.html")]
    [InlineData("attachment; filename*=UTF-8''..%2F..%2Fe%1Bvil", "_.._evil")]
    [InlineData("attachment; filename=\"..\"", "download")]
    [InlineData("", "download")]
    public async Task A_name_from_the_server_is_never_a_way_out_of_the_folder(string disposition, string name)
    {
        Server.On(Report, "x", 200, ("Content-Disposition", disposition));
        var into = Directory.CreateDirectory(Path.Combine(Folder, "a", "b")).FullName;

        await SaveAsync("--to", into);

        Assert.Equal([Path.Combine(into, name)], Directory.GetFiles(Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Standard_output_gets_the_bytes_and_nothing_else()
    {
        Server.On(Report, "bytes");

        var ran = await SaveAsync("--to", "-");

        Assert.Equal("bytes"u8.ToArray(), ran.Bytes);
        Assert.Equal("", ran.Out);
    }

    [Fact]
    public async Task A_terminal_gets_no_bytes()
    {
        IsTerminal = true;

        Assert.Equal(ExitCode.WrongCall, (await SaveAsync("--to", "-")).Exit);
        Assert.Empty(Server.Seen);
    }
}
