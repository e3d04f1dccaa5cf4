DROP TABLE service_provider_inspections
--;
DROP TABLE service_provider_price_lists
--;
DROP TABLE service_provider_restrictions
--;
DROP TABLE service_provider_licences
--;
DROP TABLE service_provider_descriptions
--;
DROP TABLE service_providers
