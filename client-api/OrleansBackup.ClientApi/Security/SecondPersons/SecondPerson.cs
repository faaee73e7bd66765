using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.ClientApi.Security.SecondPersons;

/// <summary>Marks a route of an act that cannot be undone: one person proposes it, and it is done when another asks for exactly the same.</summary>
internal sealed record DoneBySecondPerson(string Act);

/// <summary>Keeps one person from destroying anything alone: not with two keys, and not with a key and an account, since <see cref="Caller.Person"/> is what counts.</summary>
/// <remarks>
/// The first request is kept as a proposal and answered with 201. The second person sends it again with <c>?confirm=</c> and the proposal's id: he has seen and said what is
/// destroyed himself, and a request that differs in one character is another act. A proposal is used once; an act that was refused before anything was done has not used it.
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
        var order = context.Arguments.FirstOrDefault(argument => argument is IDestructiveOrder) as IDestructiveOrder
            ?? throw new ProblemException(Problem.InvalidField("body", "The body is missing; see /docs for what it must hold."));
        var (acts, act, address) = (http.RequestServices.GetRequiredService<DestructiveActs>(), http.GetEndpoint()!.Metadata.GetRequiredMetadata<DoneBySecondPerson>().Act, http.Request.Path.ToString());
        if (!http.Request.Query.TryGetValue(Parameter, out var given))
            return TypedResults.Created($"/api/v1/tenants/{tenant}/proposals", ProposalBody.Of(await acts.ProposeAsync(caller, tenant, act, address, order, cancellation)));
        var id = Guid.TryParseExact(given, "D", out var parsed) ? parsed : throw new ProblemException(Problem.InvalidField(Parameter, "'confirm' must be the id of a proposal: a GUID, as the list of proposals gives it."));
        return await acts.ConfirmAsync(caller, tenant, id, act, address, order, async () => await next(context), cancellation);
    }

    /// <summary>Who may be the other person as well is neither of the two.</summary>
    public static NotPossibleNowException IsNotKnown() => new(
        $"It is not known which person holds this key, so it can be neither of the two who have to agree. Sign in with an account of your own, or name the holder in '{ApiKeyOptions.Section}:{nameof(ApiKeyOptions.KeyPersons)}'.");
}
