using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Tests.Notices;

/// <summary>The program in the documentation by which receivers check a call is run as it stands there, on calls as they are signed here.</summary>
public sealed partial class SignatureExampleTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"version":1,"customer":"Grüße 日本"}""");

    [Fact]
    public async Task The_program_takes_what_is_genuine_and_nothing_else()
    {
        if (!File.Exists("/usr/bin/python3"))
        {
            Console.WriteLine("python3 is not on this machine: the example of the documentation was not run.");
            return;
        }
        var header = WebhookCaller.Signature(["whs_present"], Body, Now);
        Assert.True(await IsGenuineAsync("whs_present", header, Body, Now));
        Assert.True(await IsGenuineAsync("whs_present", header, Body, Now.AddMinutes(4)));
        Assert.False(await IsGenuineAsync("whs_present", header, Body, Now.AddMinutes(6)));
        Assert.False(await IsGenuineAsync("whs_present", header, Body, Now.AddMinutes(-6)));
        Assert.False(await IsGenuineAsync("whs_other", header, Body, Now));
        Assert.False(await IsGenuineAsync("whs_present", header, [.. Body, (byte)' '], Now));
        Assert.False(await IsGenuineAsync("whs_present", header.Replace("t=1800000000", "t=1800000001", StringComparison.Ordinal), Body, Now));
        Assert.False(await IsGenuineAsync("whs_present", $"t=1800000000,{header}", Body, Now));
        Assert.False(await IsGenuineAsync("whs_present", "t=1800000000", Body, Now));
        var both = WebhookCaller.Signature(["whs_new", "whs_present"], Body, Now);
        Assert.True(await IsGenuineAsync("whs_present", both, Body, Now));
        Assert.True(await IsGenuineAsync("whs_new", both, Body, Now));
    }

    private static async Task<bool> IsGenuineAsync(string secret, string header, byte[] body, DateTimeOffset now)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Program(), secret, header, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(body);
        process.StandardInput.Close();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", error);
        return process.ExitCode == 0;
    }

    private static string Program()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansBackup.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The repository is not above the tests.");
        return Example().Match(File.ReadAllText(Path.Combine(folder, "deploy", "docs", "webhooks.md"))).Groups[1].Value;
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
