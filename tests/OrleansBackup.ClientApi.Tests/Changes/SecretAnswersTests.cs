using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Changes;

/// <summary>What is kept for an Idempotency-Key holds no secret that is shown once: every route that answers with one says so.</summary>
public sealed class SecretAnswersTests : ApiHost
{
    [Fact]
    public void Every_answer_with_a_secret_is_marked_as_one_that_is_never_kept()
    {
        var routes = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Post) == true).ToList();
        var secret = routes.Where(endpoint => endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(answer => answer.Type is { } type && HasSecret(type))).ToList();
        Assert.Contains(secret, endpoint => endpoint.RoutePattern.RawText == "/api/v1/keys/");
        Assert.True(secret.Count >= 6, $"{secret.Count} routes");
        Assert.Empty(secret.Where(endpoint => endpoint.Metadata.GetMetadata<AnswerHoldsSecret>() is null).Select(endpoint => endpoint.RoutePattern.RawText));
    }

    private static bool HasSecret(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Any(member => member.PropertyType == typeof(string) && (member.Name.Contains("Secret", StringComparison.Ordinal) || member.Name.Contains("Password", StringComparison.Ordinal)));
}
