namespace OrleansBackup.CommandLine.Connecting;

/// <summary>Which server, and the key for it.</summary>
/// <param name="Key">Null: none is needed for what is asked.</param>
internal sealed record Connection(Uri Server, string? Key)
{
    public const string ServerVariable = "ORLEANSBACKUP_SERVER", KeyVariable = "ORLEANSBACKUP_KEY", KeyFileVariable = "ORLEANSBACKUP_KEY_FILE";

    /// <summary>What was typed comes before what the environment says, and that before what was signed in to.</summary>
    /// <remarks>A key of the profile goes to the server that it was stored for and to no other, whatever else is named.</remarks>
    /// <exception cref="CommandFailedException">No server or key is known, or they must not be used so.</exception>
    public static Connection Find(Surroundings surroundings, string? server, string? keyFile, bool allowPlainHttp)
    {
        var named = Given(server) ?? Given(surroundings.Variable(ServerVariable));
        var key = Given(keyFile) is { } file ? PrivateFile.Read(file).Trim()
            : Given(surroundings.Variable(KeyVariable)) is { } direct ? direct.Trim()
            : Given(surroundings.Variable(KeyFileVariable)) is { } other ? PrivateFile.Read(other).Trim()
            : null;
        var profile = named is not null && key is not null ? null : Profile.Load(surroundings);
        var address = Address(named ?? profile?.Server ?? throw new CommandFailedException(
            ExitCode.WrongCall, "No server is named.", $"Sign in once with 'orleansbackup sign-in --server URL', or give --server or {ServerVariable}."), allowPlainHttp);
        key ??= profile!.Keys.GetValueOrDefault(address.ToString()) ?? throw new CommandFailedException(
            ExitCode.NotAllowed, $"There is no key for {address}.", $"Sign in with 'orleansbackup sign-in --server {address}', or give --key-file, {KeyVariable} or {KeyFileVariable}.");
        return key.Length > 0 && key.All(c => c is > ' ' and < '\u007f') ? new(address, key)
            : throw new CommandFailedException(ExitCode.NotAllowed, "What was given as a key is none: it is empty or holds blanks.");
    }

    /// <exception cref="CommandFailedException">No address, or one over which the key could be read on its way.</exception>
    public static Uri Address(string text, bool allowPlainHttp)
    {
        if (!Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
            throw CommandFailedException.Wrong($"'{text}' is not the address of a server, such as https://backup.example.com.");
        if (address.Scheme == "http" && !address.IsLoopback && !allowPlainHttp)
            throw new CommandFailedException(ExitCode.WrongCall, $"{address} is plain http: anybody on the way could read the key and the data.", "Use https, or say --allow-plain-http if the way is safe.");
        return address;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
