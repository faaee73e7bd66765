using System.Security.Cryptography;
using System.Text;
using OrleansBackup.TimeTravel.Tests.Given;

namespace OrleansBackup.TimeTravel.Tests.WebDav;

/// <summary>Programs that people have find in an opened drive exactly what it was.</summary>
[Collection(ServerTests.Name)]
public sealed class FileManagerTests(ServerFixture server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-programs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("rclone")]
    public async Task Rclone_copies_a_drive_and_every_byte_of_it_is_what_the_user_had()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        var copy = Path.Combine(_folder, "copy");

        var (status, _, error) = await RcloneAsync(opened, "copy", "then:", copy);

        Assert.True(status == 0, error);
        AssertIsTruth(copy);
        var (same, _, differences) = await RcloneAsync(opened, "check", "--download", "then:", copy);
        Assert.True(same == 0, differences);
        var use = (await server.LookAsync(opened)).GetProperty("use");
        Assert.True(use.GetProperty("bytes").GetInt64() >= 24 << 20, use.ToString());
    }

    [ProgramFact("rclone")]
    public async Task Rclone_can_change_nothing()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        await File.WriteAllTextAsync(Path.Combine(_folder, "new.txt"), "not there");
        var before = await RcloneAsync(opened, "lsf", "-R", "then:");

        Assert.NotEqual(0, (await RcloneAsync(opened, "copy", "--retries", "1", "--low-level-retries", "1", Path.Combine(_folder, "new.txt"), "then:")).Status);
        Assert.NotEqual(0, (await RcloneAsync(opened, "delete", "--retries", "1", "--low-level-retries", "1", "then:")).Status);
        Assert.NotEqual(0, (await RcloneAsync(opened, "mkdir", "--retries", "1", "--low-level-retries", "1", "then:folder of mine")).Status);

        Assert.Equal(Lines(before.Output), Lines((await RcloneAsync(opened, "lsf", "-R", "then:")).Output));
    }

    [ProgramFact("cadaver")]
    public async Task Cadaver_lists_and_gets_and_is_refused_what_writes()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        var file = Truth().First(item => item.Path.All(character => char.IsAsciiLetterOrDigit(character) || character is ' ' or '.' or '-' or '_'));
        await File.WriteAllTextAsync(Path.Combine(_folder, ".netrc"), $"machine 127.0.0.1\nlogin {opened.UserName}\npassword {opened.Password}\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "up.txt"), "up");

        var (_, output, error) = await Programs.Cadaver.RunAsync(_folder, $"ls\nget \"{file.Path}\" got\nput up.txt\ndelete \"{file.Path}\"\nmkcol mine\nquit\n", [opened.Address.ToString()]);

        var said = Encoding.UTF8.GetString(output) + error;
        Assert.Contains(file.Path, said, StringComparison.Ordinal);
        Assert.Equal(file.Sha256, HashOf(Path.Combine(_folder, "got")));
        Assert.Equal(3, said.Split("403 Forbidden").Length - 1);
    }

    [ProgramFact("curl")]
    public async Task Curl_gets_a_stretch_of_a_large_file_and_goes_on_with_a_broken_download()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        var file = Truth().MaxBy(item => item.Size)!;
        var address = new Uri(opened.Address, string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))).ToString();
        string[] signIn = ["-s", "-f", "-u", $"{opened.UserName}:{opened.Password}"];
        var (begun, resumed) = (Path.Combine(_folder, "whole"), 9_000_001);

        Assert.Equal(0, (await Programs.Curl.RunAsync(_folder, "", [.. signIn, "-r", $"0-{resumed - 1}", "-o", begun, address])).Status);
        Assert.Equal(resumed, new FileInfo(begun).Length);
        Assert.Equal(0, (await Programs.Curl.RunAsync(_folder, "", [.. signIn, "-C", "-", "-o", begun, address])).Status);

        Assert.Equal(file.Sha256, HashOf(begun));
    }

    [ProgramFact("litmus")]
    public async Task Litmus_finds_the_options_of_a_server_of_class_1()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");

        // Its tests make a folder of their own first, which must fail here: what it tells before is what counts.
        var (_, output, _) = await Programs.Litmus.RunAsync(_folder, "", ["-k", opened.Address.ToString(), opened.UserName, opened.Password], ("TESTS", "basic"),
            ("HTDOCS", Path.Combine(Path.GetDirectoryName(Programs.Litmus.Path)!, "../share/litmus/htdocs")), ("TESTROOT", Path.Combine(Path.GetDirectoryName(Programs.Litmus.Path)!, "../libexec/litmus")));

        var said = Encoding.UTF8.GetString(output);
        Assert.Contains("403 Forbidden", said, StringComparison.Ordinal);
    }

    private Task<(int Status, byte[] Output, string Error)> RcloneAsync(Opened opened, params string[] arguments) => Programs.Rclone.RunAsync(
        _folder, "", [.. arguments, "--config", "/dev/null"], ("RCLONE_CONFIG_THEN_TYPE", "webdav"), ("RCLONE_CONFIG_THEN_URL", opened.Address.ToString()), ("RCLONE_CONFIG_THEN_USER", opened.UserName),
        ("RCLONE_CONFIG_THEN_PASS", Obscured(opened.Password)));

    /// <summary>As rclone wants passwords in its configuration: not in clear, and not secret either.</summary>
    private static string Obscured(string password) => Encoding.UTF8.GetString(Programs.Rclone.RunAsync(Path.GetTempPath(), password, ["obscure", "-"]).Result.Output).Trim();

    private static IEnumerable<string> Lines(byte[] output) => Encoding.UTF8.GetString(output).Split('\n').Order(StringComparer.Ordinal);

    private IEnumerable<GraphSimulator.Admin.StateDriveItem> Truth() =>
        server.Admin.DriveState(server.Tenant.ToString(), server.User).Items.Where(item => item is { Kind: "file", IsReadable: true });

    private void AssertIsTruth(string copy)
    {
        var expected = Truth().ToDictionary(item => item.Path, item => item.Sha256!, StringComparer.Ordinal);
        var found = Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "_not-included.txt")
            .ToDictionary(file => Path.GetRelativePath(copy, file), HashOf, StringComparer.Ordinal);
        Assert.Equal(expected.OrderBy(one => one.Key, StringComparer.Ordinal), found.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    private static string HashOf(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
