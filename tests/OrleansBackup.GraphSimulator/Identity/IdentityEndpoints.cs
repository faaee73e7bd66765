using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Identity;

/// <summary>The identity platform: client-credentials tokens and the configuration document that sign-in libraries ask for.</summary>
/// <remarks>Source: Microsoft identity platform, OAuth 2.0 client credentials flow.</remarks>
public sealed class IdentityEndpoints(SimulatedWorld world, TokenIssuer tokens)
{
    /// <summary>True when the path is one of the identity platform's and was answered.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, string authority)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is [var tenant, "v2.0", ".well-known", "openid-configuration"])
            await AnswerAsync(context, () => (200, Configuration(tenant, authority)));
        else if (path is [_, "discovery", "v2.0", "keys"])
            await context.Response.WriteAsJsonAsync(new JsonObject { ["keys"] = new JsonArray() }, context.RequestAborted);
        else if (path is [var name, "oauth2", "v2.0", "token"])
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
            await AnswerAsync(context, () => (200, Token(name, form, context.Request.Headers.Authorization, authority)));
        }
        else
            return false;
        return true;
    }

    private async Task AnswerAsync(HttpContext context, Func<(int Status, JsonObject Body)> answer)
    {
        JsonObject body;
        try
        {
            (context.Response.StatusCode, body) = answer();
        }
        catch (SignInErrorException e)
        {
            context.Response.StatusCode = e.Status;
            body = Error(e);
        }
        world.Statistics.Count(context.Request.Method, context.Request.Path.Value!.EndsWith("token", StringComparison.Ordinal) ? "/{tenant}/oauth2/v2.0/token" : "/{tenant}/v2.0/.well-known/openid-configuration", context.Response.StatusCode, 0);
        await context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }

    private JsonObject Token(string name, IFormCollection form, string? authorization, string authority)
    {
        if (name is "common" or "consumers" or "organizations")
            throw new SignInErrorException(9001023, "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.");
        var tenant = Find(name);
        var (client, secret) = Credentials(form, authorization);
        if (form["grant_type"] != "client_credentials")
            throw new SignInErrorException(70003, "The app requested an unsupported grant type.");
        if (!form["scope"].ToString().EndsWith("/.default", StringComparison.Ordinal) || form["scope"].ToString().Contains(' ', StringComparison.Ordinal))
            throw new SignInErrorException(70011, "The provided value for the input parameter 'scope' is not valid.");
        if (tenant.App.SignInError is { } number)
            throw new SignInErrorException(number, "Sign-in was set to fail.");
        if (!client.Equals(tenant.App.ClientId.ToString(), StringComparison.OrdinalIgnoreCase))
            throw new SignInErrorException(700016, $"Application with identifier '{client}' was not found in the directory '{tenant.Name}'.");
        if (form["client_assertion"].ToString() is { Length: > 0 } assertion && form["client_assertion_type"] == ClientAssertion.Type)
            ClientAssertion.Verify(assertion, tenant, $"{authority}/{name}/oauth2/v2.0/token", world.Clock.Real.GetUtcNow());
        else if (secret != tenant.App.ClientSecret)
            throw secret.Length == 0
                ? new SignInErrorException(7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
                : new SignInErrorException(7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.");
        return new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)TokenIssuer.Lifetime.TotalSeconds,
            ["ext_expires_in"] = (int)TokenIssuer.Lifetime.TotalSeconds,
            ["access_token"] = tokens.Issue(tenant, authority),
        };
    }

    private SimulatedTenant Find(string name) => world.TryFindTenant(name, out var tenant)
        ? tenant
        : throw new SignInErrorException(90002, $"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.");

    private static (string Client, string Secret) Credentials(IFormCollection form, string? authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var basic) || basic.Scheme != "Basic" || basic.Parameter is null)
            return (form["client_id"].ToString(), form["client_secret"].ToString());
        var bytes = new byte[basic.Parameter.Length];
        var text = Convert.TryFromBase64String(basic.Parameter, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) : [];
        return text.Length == 2 ? (Uri.UnescapeDataString(text[0]), Uri.UnescapeDataString(text[1])) : ("", "");
    }

    private JsonObject Configuration(string name, string authority)
    {
        var tenant = Find(name);
        var issuer = $"{authority}/{tenant.Id}";
        return new JsonObject
        {
            ["token_endpoint"] = $"{authority}/{name}/oauth2/v2.0/token",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt", "client_secret_basic"),
            ["jwks_uri"] = $"{issuer}/discovery/v2.0/keys",
            ["issuer"] = $"{issuer}/v2.0",
            ["authorization_endpoint"] = $"{issuer}/oauth2/v2.0/authorize",
            ["device_authorization_endpoint"] = $"{issuer}/oauth2/v2.0/devicecode",
            ["tenant_region_scope"] = "EU",
            ["cloud_instance_name"] = "microsoftonline.com",
            ["msgraph_host"] = "graph.microsoft.com",
        };
    }

    private JsonObject Error(SignInErrorException error)
    {
        var trace = Guid.NewGuid().ToString();
        var correlation = Guid.NewGuid().ToString();
        var time = world.Clock.Real.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ssZ", CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["error"] = error.OAuthError,
            ["error_description"] = $"{error.Message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}",
            ["error_codes"] = new JsonArray(error.Number),
            ["timestamp"] = time,
            ["trace_id"] = trace,
            ["correlation_id"] = correlation,
            ["error_uri"] = $"https://login.microsoftonline.com/error?code={error.Number}",
        };
    }
}
