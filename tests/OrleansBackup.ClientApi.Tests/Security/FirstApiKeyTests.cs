using OrleansBackup.ClientApi.Security;

namespace OrleansBackup.ClientApi.Tests.Security;

public sealed class FirstApiKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-key-").FullName;

    private string KeyFile => Path.Combine(_folder, "api-key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_is_made_once_and_stays()
    {
        var first = FirstApiKey.ReadOrCreate(KeyFile);
        Assert.Equal(first, FirstApiKey.ReadOrCreate(KeyFile));
        Assert.Equal(47, first.Length); // the mark and 256 bits
    }

    [Fact]
    public void Two_servers_make_two_keys() =>
        Assert.NotEqual(FirstApiKey.ReadOrCreate(KeyFile), FirstApiKey.ReadOrCreate(KeyFile + "2"));

    [Fact]
    public void An_empty_key_file_opens_nothing()
    {
        FirstApiKey.ReadOrCreate(KeyFile);
        File.WriteAllText(KeyFile, "\n");
        Assert.Contains(KeyFile, Assert.Throws<ConfigurationProblemException>(() => FirstApiKey.ReadOrCreate(KeyFile)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return; // no modes there: the folder's access list protects the file
        FirstApiKey.ReadOrCreate(KeyFile);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<ConfigurationProblemException>(() => FirstApiKey.ReadOrCreate(KeyFile)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_problem_and_not_a_crash() =>
        Assert.Throws<ConfigurationProblemException>(() => FirstApiKey.ReadOrCreate(Path.Combine(_folder, "none", "api-key")));
}
