using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Connecting;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>One call of the command: what was typed, the server that it goes to, and where its words go.</summary>
internal sealed class Call : IDisposable
{
    private readonly ParseResult _parsed;
    private readonly Lazy<ApiClient> _api;

    public Call(ParseResult parsed, Surroundings surroundings)
    {
        (_parsed, Surroundings) = (parsed, surroundings);
        Print = new Printer(surroundings, parsed.GetValue(Parts.Json));
        _api = new(() => new ApiClient(
            Connection.Find(surroundings, parsed.GetValue(Parts.Server), parsed.GetValue(Parts.KeyFile), parsed.GetValue(Parts.AllowPlainHttp)), surroundings.Time, Print.Note));
    }

    public Surroundings Surroundings { get; }

    public Printer Print { get; }

    /// <summary>Made when it is first needed: what needs no server asks for no key.</summary>
    public ApiClient Api => _api.Value;

    public string Get(Argument<string> argument) => _parsed.GetRequiredValue(argument);

    public T? Get<T>(Argument<T> argument) => _parsed.GetValue(argument);

    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>The directory id of the customer that was named.</summary>
    public Task<string> TenantAsync(CancellationToken cancellation) => Names.TenantAsync(Api, Get(Parts.Tenant), cancellation);

    public async Task<string?> OptionalTenantAsync(CancellationToken cancellation) =>
        Get(Parts.OfTenant) is { Length: > 0 } named ? await Names.TenantAsync(Api, named, cancellation) : null;

    /// <summary>The ids of the customer and the resource that were named.</summary>
    public async Task<(string Tenant, string Resource)> ResourceAsync(CancellationToken cancellation)
    {
        var tenant = await TenantAsync(cancellation);
        return (tenant, await Names.ResourceAsync(Api, tenant, Get(Parts.Resource), cancellation));
    }

    public Task<JsonElement> ListAsync(string path, string array, CancellationToken cancellation) => Api.AllAsync(path, array, Get(Parts.Limit), cancellation);

    /// <summary>A text that somebody made: a file's, or standard input's for <c>-</c>.</summary>
    public async Task<string> TextOfAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return file == "-" ? await Surroundings.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(file, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Wrong($"{file} cannot be read: {e.Message}");
        }
    }

    /// <summary>The same, as JSON for the body of a request.</summary>
    public async Task<JsonNode> JsonOfAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return JsonNode.Parse(await TextOfAsync(file, cancellation)) ?? throw CommandFailedException.Wrong($"{file} holds nothing.");
        }
        catch (JsonException e)
        {
            throw CommandFailedException.Wrong($"{file} is not JSON: {e.Message}");
        }
    }

    public void Dispose()
    {
        if (_api.IsValueCreated)
            _api.Value.Dispose();
    }
}
