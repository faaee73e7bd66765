using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansBackup.ClientApi.Security;

/// <summary>The key that a new server makes for its first user: a file that only the server's own account can read.</summary>
public static class FirstApiKey
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="ConfigurationProblemException">The file is empty, can be read by others, or cannot be made.</exception>
    public static string ReadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path))
                Create(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
                throw new ConfigurationProblemException($"The API key file '{path}' can be read by others. Set its mode to 0600 (chmod 600), or delete it to have a new key made.");
            var key = File.ReadAllText(path).Trim();
            return key.Length >= 32
                ? key
                : throw new ConfigurationProblemException($"The API key file '{path}' holds no key of at least 32 characters. Delete it to have a new key made.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblemException($"The API key file '{path}' cannot be read or made: {error.Message} Give the server's account the right to its folder.");
        }
    }

    private static void Create(string path)
    {
        // Whole under a name of its own first, so that a crash leaves no half key behind.
        var fresh = $"{path}.new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new StreamWriter(fresh, options))
            file.WriteLine($"obk_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}");
        File.Move(fresh, path);
    }
}
