"""What the model looks at in a payment."""


def features_of(payment):
    return {"amount": payment["amount"] / 1000, "foreign": float(payment["foreign"])}
