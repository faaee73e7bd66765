using System.Text.Json;

namespace OrleansBackup.CommandLine.Connecting;

/// <summary>Servers that somebody signed in to on this machine, with their keys, and which of them is meant when none is named.</summary>
/// <param name="Keys">By the server's address.</param>
internal sealed record Profile(string? Server, IReadOnlyDictionary<string, string> Keys)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Profile None = new(null, new Dictionary<string, string>());

    public static string FileIn(Surroundings surroundings) => Path.Combine(surroundings.ConfigurationFolder, "profile.json");

    /// <exception cref="CommandFailedException">It is damaged, or others can read it.</exception>
    public static Profile Load(Surroundings surroundings)
    {
        var file = FileIn(surroundings);
        if (!File.Exists(file))
            return None;
        try
        {
            return JsonSerializer.Deserialize<Profile>(PrivateFile.Read(file), Form) is { Keys: not null } profile ? profile : None;
        }
        catch (JsonException e)
        {
            throw new CommandFailedException(ExitCode.NotAllowed, $"The profile {file} cannot be understood: {e.Message}", "Remove it and sign in again.");
        }
    }

    public void Save(Surroundings surroundings) => PrivateFile.Write(FileIn(surroundings), JsonSerializer.Serialize(this, Form));

    public Profile With(Uri server, string key) => new(server.ToString(), new Dictionary<string, string>(Keys) { [server.ToString()] = key });

    public Profile Without(Uri server) => new(
        Server == server.ToString() ? null : Server, Keys.Where(known => known.Key != server.ToString()).ToDictionary(known => known.Key, known => known.Value));
}
