using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Security.SecondPersons;

/// <summary>Marks a route of an act that cannot be undone: one person proposes it, and it is done when another asks for exactly the same.</summary>
internal sealed record DoneBySecondPerson(string Act);

/// <summary>Keeps one person from destroying anything alone: not with two keys, and not with a key and an account, since <see cref="Caller.Person"/> is what counts.</summary>
/// <remarks>
/// The first request is kept as a proposal and answered with 201. The second person sends it again with <c>?confirm=</c> and the proposal's id: he has seen and said what is
/// destroyed himself, and a request that differs in one character is another act. A proposal is used once.
/// </remarks>
internal static class SecondPerson
{
    public const string Parameter = "confirm";

    /// <summary>Before <c>Audited</c>: a proposal is written down as one, and the act itself only when it is done.</summary>
    public static RouteHandlerBuilder BySecondPerson(this RouteHandlerBuilder route, string act)
    {
        route.WithMetadata(new DoneBySecondPerson(act)).Produces<ProposalBody>(StatusCodes.Status201Created);
        route.AddEndpointFilter(new Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>>(InvokeAsync));
        return route;
    }

    private static async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (caller, tenant, cancellation) = (http.Caller(), AddressParts.Tenant(http.Request.RouteValues["tenant"]?.ToString()), http.RequestAborted);
        var body = context.Arguments.FirstOrDefault(argument => argument is IDestructiveOrder) as IDestructiveOrder
            ?? throw new ProblemException(Problem.InvalidField("body", "The body is missing; see /docs for what it must hold."));
        body.Require(tenant); // what cannot be done must not wait for anybody
        var grains = http.RequestServices.GetRequiredService<IGrainFactory>();
        var (act, asked) = (http.GetEndpoint()!.Metadata.GetRequiredMetadata<DoneBySecondPerson>().Act, Written(body, http));
        var content = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{act}\n{http.Request.Path}\n{asked}")));
        await grains.Tenant(tenant).GetName(cancellation); // a book of a tenant that is none would be kept and never looked at
        var book = grains.Proposals(tenant);
        if (!http.Request.Query.TryGetValue(Parameter, out var given))
        {
            await grains.Audit(tenant).NoteAsync(caller.Name, AuditActs.Propose, http.Request.Path, cancellation, ("proposed", act), ("asked", asked), ("person", caller.Person));
            var proposal = await book.Propose(new ProposalOrder(act, http.Request.Path, content, asked, caller.Name, caller.Person), cancellation);
            return TypedResults.Created($"/api/v1/tenants/{tenant}/proposals", ProposalBody.Of(proposal));
        }
        var id = Guid.TryParseExact(given, "D", out var parsed) ? parsed : throw new ProblemException(Problem.InvalidField(Parameter, "'confirm' must be the id of a proposal: a GUID, as the list of proposals gives it."));
        if (!caller.May(Permission.ConfirmDestructive, tenant))
            throw new ProblemException(Problem.NotAllowed("You may propose this; to confirm it takes a provider-admin."));
        await book.Take(id, content, caller.Person, cancellation);
        return await next(context);
    }

    private static string Written(IDestructiveOrder body, HttpContext http) =>
        JsonSerializer.Serialize(body, body.GetType(), http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
}

/// <summary>The body of an act that cannot be undone.</summary>
internal interface IDestructiveOrder
{
    /// <summary>Refuses what is incomplete or not confirmed in words.</summary>
    /// <exception cref="ProblemException">A field is wrong.</exception>
    void Require(Domain.Identity.TenantId tenant);
}
