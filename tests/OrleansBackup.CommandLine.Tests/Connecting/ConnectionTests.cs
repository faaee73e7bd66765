using OrleansBackup.CommandLine.Connecting;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Connecting;

/// <summary>Where the key comes from and where it may go.</summary>
public sealed class ConnectionTests : CommandTest
{
    private string ProfileFile => Path.Combine(Folder, "configuration", "profile.json");

    private string Sent => Server.Seen.Last().Headers.Authorization.ToString();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Server.On("GET /api/v1/tenants", """{"tenants":[]}""");
    }

    [Fact]
    public async Task What_was_typed_comes_before_the_environment_and_that_before_the_profile()
    {
        var (typed, file) = (FileWith("typed-key\n", "typed"), FileWith("file-key", "named"));
        Variables["ORLEANSBACKUP_KEY_FILE"] = file;
        Input = "profile-key";
        await RunAsync("sign-in");

        await RunAsync("tenants", "list", "--key-file", typed);
        Assert.Equal("Bearer typed-key", Sent);
        await RunAsync("tenants", "list");
        Assert.Equal($"Bearer {Key}", Sent);
        Variables.Remove("ORLEANSBACKUP_KEY");
        await RunAsync("tenants", "list");
        Assert.Equal("Bearer file-key", Sent);
        Variables.Remove("ORLEANSBACKUP_KEY_FILE");
        Variables.Remove("ORLEANSBACKUP_SERVER");
        await RunAsync("tenants", "list");
        Assert.Equal("Bearer profile-key", Sent);
    }

    [Fact]
    public async Task Signing_in_keeps_the_key_for_its_owner_alone_and_signing_out_forgets_it()
    {
        Variables.Clear();
        Input = "the-key\n";

        Assert.Equal(ExitCode.Done, (await RunAsync("sign-in", "--server", Server.Address.ToString())).Exit);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ProfileFile));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(ProfileFile)!));
        }
        Assert.Equal(ExitCode.Done, (await RunAsync("tenants", "list")).Exit);
        Assert.Equal(ExitCode.Done, (await RunAsync("sign-out")).Exit);
        Assert.DoesNotContain("the-key", await File.ReadAllTextAsync(ProfileFile), StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongCall, (await RunAsync("tenants", "list")).Exit);
    }

    [Fact]
    public async Task A_key_that_the_server_refuses_is_not_kept()
    {
        await using var other = await StubServer.StartAsync();
        other.On("GET /api/v1/tenants", "{}", 401);
        Input = "wrong-key";

        Assert.Equal(ExitCode.NotAllowed, (await RunAsync("sign-in", "--server", other.Address.ToString())).Exit);
        Assert.False(File.Exists(ProfileFile));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_file_with_a_key_that_others_can_use_is_refused(UnixFileMode others)
    {
        if (OperatingSystem.IsWindows())
            return;
        var file = FileWith("k");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | others);

        var ran = await RunAsync("tenants", "list", "--key-file", file);

        Assert.Equal(ExitCode.NotAllowed, ran.Exit);
        Assert.Contains("chmod 600", ran.Error, StringComparison.Ordinal);
        Assert.Empty(Server.Seen);
    }

    [Fact]
    public async Task A_profile_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        Input = "the-key";
        await RunAsync("sign-in");
        Variables.Clear();
        File.SetUnixFileMode(ProfileFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Equal(ExitCode.NotAllowed, (await RunAsync("tenants", "list")).Exit);
    }

    [Fact]
    public async Task The_key_of_one_server_never_goes_to_another()
    {
        Input = "the-key";
        await RunAsync("sign-in");
        Variables.Clear();
        await using var other = await StubServer.StartAsync();

        Assert.Equal(ExitCode.NotAllowed, (await RunAsync("tenants", "list", "--server", other.Address.ToString())).Exit);
        Assert.Empty(other.Seen);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = await StubServer.StartAsync();
        Server.On("GET /api/v1/due", "", 302, ("Location", $"{other.Address}api/v1/due"));

        var ran = await RunAsync("due");

        Assert.Equal(ExitCode.WrongCall, ran.Exit);
        Assert.Empty(other.Seen);
    }

    [Theory]
    [InlineData("http://backup.example.com", false, false)]
    [InlineData("http://10.0.0.1:5080/", false, false)]
    [InlineData("http://backup.example.com", true, true)]
    [InlineData("https://backup.example.com", false, true)]
    [InlineData("http://localhost:5080", false, true)]
    [InlineData("http://[::1]:5080", false, true)]
    [InlineData("http://127.0.0.1.example.com", false, false)]
    [InlineData("ftp://backup.example.com", true, false)]
    [InlineData("https://user:word@backup.example.com", true, false)]
    [InlineData("backup.example.com", true, false)]
    public void Plain_http_is_for_this_machine_only_unless_asked(string server, bool allow, bool taken)
    {
        var said = Record.Exception(() => Connection.Address(server, allow));

        Assert.Equal(taken, said is null);
        Assert.True(taken || said is CommandFailedException { Code: ExitCode.WrongCall });
    }

    [Fact]
    public async Task Plain_http_to_another_machine_is_refused_before_anything_is_sent() =>
        Assert.Equal(ExitCode.WrongCall, (await RunAsync("tenants", "list", "--server", "http://192.0.2.1:9")).Exit);
}
