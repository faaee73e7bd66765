namespace OrleansBackup.Demo.Tests;

public sealed class DemoOptionsTests
{
    [Fact]
    public async Task Every_option_arrives()
    {
        var seen = await ReadAsync("--mail", ".", "--users", "3", "--days", "2", "--messages", "20", "--data", "here", "--exit", "--kill");

        Assert.Equal(new DemoOptions { Mail = ".", Users = 3, Days = 2, Messages = 20, Data = "here", Exit = true, Kill = true }, seen);
    }

    [Fact]
    public async Task No_option_is_the_small_demonstration() => Assert.Equal(DemoOptions.Default, await ReadAsync());

    [Theory]
    [InlineData("--users", "0")]
    [InlineData("--users", "many")]
    [InlineData("--days", "-1")]
    [InlineData("--mail", "/no/such/folder")]
    [InlineData("--wibble", "1")]
    public async Task A_bad_option_ends_with_status_2_before_anything_starts(string option, string value) =>
        Assert.Equal(2, await DemoOptions.InvokeAsync([option, value], (_, _) => throw new InvalidOperationException("started"), CancellationToken.None));

    private static async Task<DemoOptions?> ReadAsync(params string[] arguments)
    {
        DemoOptions? seen = null;
        var status = await DemoOptions.InvokeAsync(arguments, (options, _) => Task.FromResult((seen = options) is null ? 1 : 0), CancellationToken.None);
        Assert.Equal(0, status);
        return seen;
    }
}
