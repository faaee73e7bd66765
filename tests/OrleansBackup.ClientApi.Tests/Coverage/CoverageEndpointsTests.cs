using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Coverage;

namespace OrleansBackup.ClientApi.Tests.Coverage;

public sealed class CoverageEndpointsTests : ApiHost
{
    [Fact]
    public async Task Everybody_signed_in_reads_what_is_in_the_backup_and_what_is_not()
    {
        var lines = (await GetAsync("/api/v1/coverage")).At("lines");
        Assert.Equal(CoverageTable.All.Length, lines.GetArrayLength());
        Assert.Equal("kind what kept comesBack note losses", lines[0].Names());
        var chats = lines.EnumerateArray().Single(line => line.Text("kind") == "chats");
        Assert.Equal(("nothing", "notAtAll"), (chats.Text("kept"), chats.Text("comesBack")));
        Assert.Contains("OneDrive", chats.Text("note"), StringComparison.Ordinal);
    }
}
